"""Splink 5, as its documentation sets it up for such tables, and as an expert would for speed.

    splink_peer.py FILE OUT PLAN [--tuned] [--sweep]

Settings follow the documentation's tutorial (fake_1000) and its examples febrl3 and
deduplicate_50k; clusters are cut at .95 as there. `--tuned`: more rules where that is cheap, rules
of two columns, term frequencies on names and .999 for registers of persons. `--sweep` cuts one
model at ten thresholds, for its best with the truth known.
No truth is seen here.
"""

import sys
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SWEEP = (0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999)


def exact(column: str) -> Any:
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


def plans(name: str, tuned: bool) -> dict[str, Any]:
    """Comparisons, blocking rules, rules sure to be right, and rules to train within."""
    day = {"input_is_string": True}
    if name == "fake":
        names = (
            [cl.ForenameSurnameComparison("first_name", "surname")]
            if tuned
            else [cl.NameComparison("first_name"), cl.NameComparison("surname")]
        )
        return {
            "compare": [
                *names,
                cl.DateOfBirthComparison("dob", **day),
                exact("city"),
                cl.EmailComparison("email"),
            ],
            "block": [("first_name",), ("surname",)] + ([("dob",), ("email",)] if tuned else []),
            "sure": [
                ("first_name", "dob"),
                "l.first_name = r.first_name and levenshtein(l.surname, r.surname) <= 2",
                ("email",),
            ],
            "recall": 0.7,
            "train": [("first_name", "surname"), ("dob",)],
        }
    if name == "febrl":
        return {
            "compare": [
                cl.NameComparison("given_name"),
                cl.NameComparison("surname"),
                cl.DateOfBirthComparison("date_of_birth", datetime_format="%Y%m%d", **day),
                cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
                exact("street_number"),
                exact("postcode"),
            ],
            "block": [
                ("soc_sec_id",),
                ("given_name",),
                ("surname",),
                ("date_of_birth",),
                ("postcode",),
            ],
            "sure": [("soc_sec_id",), ("given_name", "surname", "date_of_birth")],
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
                cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
                cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
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
            "train": [("first_name", "last_name"), ("birth_date",)],
        }
    names_of = {
        "chicago": ("Site name", "Address", "Zip", "Phone"),
        "companies": ("公司名称", "地址", "统一社会信用代码", "电话"),
    }
    title, address, third, phone = names_of[name]
    return {
        "compare": [
            cl.JaroWinklerAtThresholds(title, [0.92, 0.8]),
            cl.JaroWinklerAtThresholds(address, [0.92, 0.8]),
            exact(third),
            cl.LevenshteinAtThresholds(phone, [1]),
        ],
        "block": [(title,), (address,), (phone,)]
        + ([(third,)] if name == "companies" or tuned else []),
        "sure": [(title, address), (title, phone)],
        "recall": 0.6,
        "train": [(phone,), (third,)] if name == "companies" else [(title,), (address,)],
    }


def quoted(columns: tuple[str, ...] | str) -> Any:
    if isinstance(columns, str):
        return columns
    return block_on(*(c if "(" in c or '"' in c else f'"{c}"' for c in columns))


def main(file: str, out: str, name: str, tuned: bool, sweep: bool) -> None:
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE given AS SELECT row_number() OVER () - 1 AS unique_id, * "
        "FROM read_csv(?, all_varchar=true, header=true)",
        [file],
    )
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
        linker.training.estimate_parameters_using_expectation_maximisation(quoted(rule))
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
