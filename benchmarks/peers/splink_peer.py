"""Splink 5, as its documentation sets it up for such tables, and as an expert would.

    splink_peer.py FILE OUT PLAN [--tuned] [--sweep]

As documented: the examples of its documentation for the same or the likest tables, clusters cut at
.95 as there. fake: `accuracy_analysis_from_labels_column`, the strongest of the settings published
for fake_1000 (README and tutorial find less); febrl: `febrl3`; persons:
`deduplicate_50k_synthetic`; Chicago and companies, of which it has no like: string comparisons and
rules on each column.
`--tuned`: what was found to serve it best, also from the documentation's `febrl4` (term frequencies
on names, more levels), with more blocking rules where that is cheap, narrower ones and .999 for
registers of persons. `--sweep` cuts one model at ten thresholds, for its best with the truth known.
Values are trimmed and in lower case, as its guide to data prerequisites asks; no truth is seen.
"""

import sys
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SWEEP = (0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999)


RENAMED = {
    "公司名称": "name",
    "地址": "address",
    "统一社会信用代码": "code",
    "电话": "phone",
    "联系人": "contact",
    "公司全称": "full_name",
    "英文名称": "english",
    "注册地址": "address",
    "A股简称": "short",
    "公司网址": "site",
    "省份": "province",
    "城市": "city",
    "所属行业": "industry",
}
"""Splink 5 takes every Chinese character of a column's name for `_`, and such names for one."""
TF = {"term_frequency_adjustments": True}


def exact(column: str) -> Any:
    return cl.ExactMatch(column).configure(**TF)


def _name(column: str) -> Any:
    return cl.NameComparison(column).configure(**TF)


def plans(name: str, tuned: bool) -> dict[str, Any]:
    """Comparisons, blocking rules, rules sure to be right, and rules to train within."""
    day = {"input_is_string": True}
    if name == "fake":
        first, last = (_name(column) for column in ("first_name", "surname"))
        rules = [("first_name",), ("surname",), ("dob",), ("email",)]
        wide = [
            ("city", "substr(dob,1,4)"),
            ("substr(dob,6,5)",),
            ("substr(dob,1,7)",),
            ("substr(first_name,1,3)", "substr(surname,1,3)"),
            ("substr(email,1,5)",),
            "l.first_name = r.surname",
        ]
        return {
            "compare": [
                first,
                last,
                cl.DamerauLevenshteinAtThresholds("dob", [1, 2, 4]),
                cl.DamerauLevenshteinAtThresholds("city", [1, 2, 3]).configure(**TF),
                cl.EmailComparison("email"),
            ]
            if tuned
            else [
                cl.ForenameSurnameComparison("first_name", "surname"),
                cl.DateOfBirthComparison("dob", **day),
                exact("city"),
                cl.EmailComparison("email"),
            ],
            "block": rules + (wide if tuned else []),
            "sure": [
                "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
                "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
                "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
                ("email",),
            ],
            "recall": 0.7,
            "train": [("dob",), ("email",), ("first_name", "surname")],
        }
    if name == "febrl":
        blocks = [("soc_sec_id",), ("given_name",), ("surname",), ("date_of_birth",), ("postcode",)]
        born = {"datetime_format": "%Y%m%d", "invalid_dates_as_null": True, **day}
        return {
            "compare": [
                _name("given_name") if tuned else cl.NameComparison("given_name"),
                _name("surname") if tuned else cl.NameComparison("surname"),
                cl.DateOfBirthComparison("date_of_birth", **born),
                cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2] if tuned else [2]),
                exact("street_number"),
                cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**TF)
                if tuned
                else exact("postcode"),
            ],
            "block": blocks
            + ([("state", "address_1"), ("street_number", "address_1")] if tuned else []),
            "sure": [
                ("soc_sec_id",),
                ("given_name", "surname", "date_of_birth"),
                "l.given_name = r.surname and l.surname = r.given_name "
                "and l.date_of_birth = r.date_of_birth",
            ],
            "recall": 0.9,
            "train": [("date_of_birth",), ("postcode",)],
        }
    if name == "persons":
        wide = [
            ("first_name", "last_name"),
            ("substr(first_name,1,2)", "last_name"),
            ("last_name", "birth_date"),
            ("postcode", "first_name"),
            ("birth_date", "postcode"),
            ("phone",),
            ("email",),
        ]
        narrow = [
            ("first_name", "last_name", "substr(birth_date,1,4)"),
            ("last_name", "birth_date"),
            ("first_name", "birth_date"),
            ("postcode", "first_name", "substr(last_name,1,2)"),
            ("phone",),
            ("email",),
        ]
        names = (
            [
                _name("first_name"),
                _name("last_name"),
            ]
            if tuned
            else [cl.ForenameSurnameComparison("first_name", "last_name")]
        )
        return {
            "compare": [
                *names,
                cl.DateOfBirthComparison("birth_date", **day),
                cl.LevenshteinAtThresholds("address", [1, 3]),
                exact("city"),
                exact("postcode"),
                cl.LevenshteinAtThresholds("phone", [1]),
                cl.EmailComparison("email"),
            ],
            "block": narrow if tuned else wide,
            "cut": 0.999 if tuned else 0.95,
            "sure": [("first_name", "last_name", "birth_date"), ("email",)],
            "recall": 0.6,
            "train": [
                ("first_name", "last_name"),
                ("birth_date", "postcode") if tuned else ("birth_date",),
            ],
        }
    if name == "szse":
        return _listed()
    if name == "fodors_zagats":
        title, address, third, phone = ("name", "addr", "city", "phone")
    elif name == "chicago":
        title, address, third, phone = ("Site name", "Address", "Zip", "Phone")
    else:
        title, address, third, phone = ("name", "address", "code", "phone")
    other = [exact("contact")] if name == "companies" else []
    expert = tuned and name == "chicago"
    levels = [0.95, 0.88, 0.8, 0.7] if expert else [0.92, 0.8]
    term = TF if expert else {}
    starts = [(f'substr("{title}",1,6)', third), (f'substr("{address}",1,8)',)]
    return {
        "compare": [
            cl.JaroWinklerAtThresholds(title, levels).configure(**term),
            cl.JaroWinklerAtThresholds(address, levels).configure(**term),
            exact(third),
            cl.LevenshteinAtThresholds(phone, [1]),
            *other,
        ],
        "block": [(title,), (address,), (phone,)]
        + ([(third,)] if name != "chicago" or tuned else [])
        + ([("contact",), (f'substr("{title}",1,4)',)] if name == "companies" else [])
        + (starts if expert else []),
        "sure": [(title, address), (title, phone)],
        "recall": 0.6,
        "train": [(phone,), (third,)] if name == "companies" else [(title,), (address,)],
    }


def _listed() -> dict[str, Any]:
    """Two years' lists of one exchange."""
    names = ["full_name", "english", "address", "short"]
    return {
        "compare": [
            *(cl.JaroWinklerAtThresholds(name, [0.92, 0.8]) for name in names),
            exact("site"),
            exact("city"),
        ],
        "block": [(name,) for name in (*names, "site")],
        "sure": [("full_name", "english")],
        "recall": 0.9,
        "train": [("site",), ("short",)],
    }


def quoted(columns: tuple[str, ...] | str) -> Any:
    if isinstance(columns, str):
        return columns
    return block_on(*(c if "(" in c or '"' in c else f'"{c}"' for c in columns))


def main(file: str, out: str, name: str, tuned: bool, sweep: bool) -> None:
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE given AS SELECT row_number() OVER () - 1 AS unique_id, "
        "nullif(lower(trim(COLUMNS(*))), '') FROM read_csv(?, all_varchar=true, header=true)",
        [file],
    )
    columns = [row[0] for row in base.execute("DESCRIBE given").fetchall()]
    for column in RENAMED.keys() & set(columns):
        base.execute(f'ALTER TABLE given RENAME "{column}" TO {RENAMED[column]}')
    plan = plans(name, tuned)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=plan["compare"],
        blocking_rules_to_generate_predictions=[quoted(rule) for rule in plan["block"]],
        retain_matching_columns=False,
    )
    api = DuckDBAPI(base)
    linker = Linker(api.register("given"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [quoted(rule) for rule in plan["sure"]], recall=plan["recall"]
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in plan["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(
            quoted(rule), estimate_without_term_frequencies=True
        )
    lowest = SWEEP[0] if sweep else 0.5
    pairs = linker.inference.predict(threshold_match_probability=lowest)
    for cut in SWEEP if sweep else (plan.get("cut", 0.95),):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, cut)
        place = f"{out}.{cut}" if sweep else out
        table = found.physical_name
        base.execute(
            f'COPY (SELECT unique_id AS "row", cluster_id FROM {table} ORDER BY 1) '
            f"TO '{place}' (HEADER)"
        )


if __name__ == "__main__":
    given, out, name, *options = sys.argv[1:]
    main(given, out, name, "--tuned" in options, "--sweep" in options)
