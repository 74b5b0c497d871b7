"""Each survivorship rule: what wins, what it beat, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import clean_table
from dedup.survivorship import REASONS, Golden, survive
from dedup.survivorship.rules import RULES
from guiyi.errors import SpecError
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import EntitySpec, SurvivorshipStrategy
from tests.examples import examples

Row = Mapping[str, str | None]
KINDS = {
    "name": "company_name",
    "contact": "text",
    "since": "date",
    "turnover": "amount",
    "phone": "phone",
    "mobile": "phone",
    "status": "code",
    "updated": "date",
    "street": "text",
    "box": "text",
}
EVERY = sorted(set(SurvivorshipStrategy) - {SurvivorshipStrategy.SOURCE_TRUST})


def merged(
    rows: Sequence[Row],
    rules: Mapping[str, Any],
    sources: Sequence[str] = (),
    kinds: Mapping[str, str] = KINDS,
    clusters: Sequence[int] = (),
) -> Golden:
    """The rows as one cluster, cleaned; a row's source is `s` if it names none."""
    spec = EntitySpec.model_validate(
        {"fields": dict(kinds), "survivorship": dict(rules), "updated": "updated"}
    )
    named = [{SOURCE: "s", RECORD_ID: f"{n}", **row} for n, row in enumerate(rows)]
    schema = dict.fromkeys((SOURCE, RECORD_ID, *kinds), pl.String)
    table = clean_table(pl.DataFrame(named, schema=schema), spec.kinds)
    of = pl.DataFrame({"row": range(len(rows)), "cluster_id": list(clusters) or [0] * len(rows)})
    return survive(table, of, spec, sources)


def won(
    field: str, values: Sequence[Row], rule: object, sources: Sequence[str] = ()
) -> tuple[str | None, str | None, list[str]]:
    """Of one field what wins, why, and what it beat; forwards and backwards."""
    found = set()
    named = [{RECORD_ID: f"{n}", **row} for n, row in enumerate(values)]
    for order in (named, named[::-1]):
        whence = merged(order, {field: rule}, sources).provenance.filter(field=field)
        row = whence.row(0, named=True)
        found.add((row["value"], row["why"], tuple(row["alternates"])))
    assert len(found) == 1
    value, why, alternates = found.pop()
    return value, why, list(alternates)


def at(day: str | None, value: str, **more: str) -> dict[str, str | None]:
    return {"contact": value, "updated": day, **more}


TRUST = {"rule": "source_trust", "trust": {"erp": 0.8, "web": 0.4}}


@pytest.mark.parametrize(
    ("rule", "rows", "value", "why"),
    [
        ("most_recent", [at("2024-01-01", "old"), at("2025-01-01", "new")], "new", "later"),
        ("most_recent", [at("9999-12-31", "end"), at("2025-01-01", "new")], "new", "later"),
        ("earliest", [at("2024-01-01", "old"), at("2025-01-01", "new")], "old", "earlier"),
        ("earliest", [at(None, "never"), at("2025-01-01", "new")], "new", "earlier"),
        ("earliest", [at("1900-01-01", "void"), at("2025-01-01", "new")], "new", "earlier"),
        ("most_frequent", [at(None, "a"), at(None, "b"), at(None, "b")], "b", "votes"),
        ("longest", [at("2025-01-01", "no"), at("2020-01-01", "longer")], "longer", "length"),
        (TRUST, [at("2020-01-01", "e", source="erp"), at("2025-01-01", "w", source="web")], "e",
         "credit"),
        ({**TRUST, "half_life": 365},
         [at("2020-01-01", "e", source="erp"), at("2025-01-01", "w", source="web")], "w", "credit"),
        ({**TRUST, "half_life": 365},
         [at("2024-07-01", "e", source="erp"), at("2025-01-01", "w", source="web")], "e", "credit"),
        ({**TRUST, "half_life": 365},
         [at(None, "e", source="erp"), at("2025-01-01", "w", source="web")], "e", "credit"),
        (TRUST, [at(None, "o", source="other"), at(None, "e", source="erp")], "e", "credit"),
        ("source_priority", [at(None, "w", source="web"), at(None, "e", source="erp")], "e",
         "trust"),
        ({"rule": "most_recent", "when": "status = 'ok'"},
         [at("2025-01-01", "new", status="no"), at("2020-01-01", "old", status="ok")], "old", None),
        ({"rule": "most_recent", "when": "status = 'ok'"},
         [at("2025-01-01", "new", status="no"), at("2020-01-01", "old")], None, None),
        ({"rule": "most_recent", "when": "status = 'ok'", "otherwise": "longest"},
         [at("2025-01-01", "new", status="no"), at("2020-01-01", "older")], "older", "length"),
        ("manual", [at(None, "a"), at(None, "b")], None, "awaited"),
        ("manual", [at(None, "a"), at(None, "a")], "a", None),
        ("manual", [at(None, "a"), at(None, "暂缺")], "a", "whole"),
        ("union", [at(None, "b"), at(None, "a")], "a; b", "union"),
        ("union", [at(None, "a; b"), at(None, "b"), at(None, "A")], "A; b", "union"),
        ("union", [at(None, "a"), at(None, "a")], "a", None),
    ],
)  # fmt: skip
def test_rule(rule: object, rows: list[Row], value: str | None, why: str | None) -> None:
    """A rule chooses its value in either order of the rows and says by what it won."""
    assert won("contact", rows, rule, ("erp", "web"))[:2] == (value, why)


def test_highest_and_lowest_compare_amounts_and_days() -> None:
    """An amount is a number, not a text; a whole day comes before a month."""
    amounts = [{"turnover": "9"}, {"turnover": "10"}, {"turnover": "1,000"}]
    assert won("turnover", amounts, "highest")[:2] == ("1000", "higher")
    assert won("turnover", amounts, "lowest")[:2] == ("9", "lower")
    days = [{"since": "2021-03-01"}, {"since": "2019-05-06"}, {"since": "1970-01-01"}]
    assert won("since", days, "lowest")[:2] == ("2019-05-06", "lower")
    assert won("since", days, "highest")[:2] == ("2021-03-01", "higher")


def test_most_valid_prefers_what_needed_no_repair() -> None:
    """A name nobody had to repair wins against a majority that is doubtful."""
    rows = [{"since": "03/04/2024"}, {"since": "03/04/2024"}, {"since": "2024-04-03"}]
    assert won("since", rows, "most_valid")[:2] == ("2024-04-03", "valid")


def test_a_condition_keeps_what_it_bars_as_alternates() -> None:
    """What may not win is kept beside what did."""
    rule = {"rule": "most_recent", "when": "status = 'ok'"}
    rows = [at("2025-01-01", "new"), at("2020-01-01", "old", status="ok")]
    assert won("contact", rows, rule) == ("old", None, ["new"])
    assert won("contact", rows[:1], rule)[0] == "new"  # a record alone is its own golden record


def test_a_condition_may_ask_for_the_source() -> None:
    """A condition sees every column of the record, its source as well."""
    rule = {"rule": "longest", "when": "source <> 'web' AND updated IS NOT NULL"}
    rows = [at("2020-01-01", "longest", source="web"), at(None, "longer"), at("2020-01-01", "it")]
    assert won("contact", rows, rule)[0] == "it"


@pytest.mark.parametrize("when", ["statu = 'ok'", "status =", "status"])
def test_a_bad_condition_is_refused(when: str) -> None:
    """An unknown column, bad SQL and what is no condition are refused where they stand."""
    with pytest.raises(SpecError, match=r"survivorship\.contact\.when"):
        merged([at(None, "a"), at(None, "b")], {"contact": {"rule": "longest", "when": when}})


GROUP = {"where": {"rule": "most_recent", "fields": ["street", "box"]}}


@pytest.mark.parametrize(
    ("rule", "rows", "whole"),
    [
        ("most_recent", [("2025", "new", None), ("2020", "old", "7")], ("new", None)),
        ("earliest", [("2025", "new", None), ("2020", "old", "7")], ("old", "7")),
        ("most_complete", [("2025", "new", None), ("2020", "old", "7")], ("old", "7")),
        ("most_frequent", [("2025", "n", "1"), ("2020", "o", "7"), ("2019", "o", "7")], ("o", "7")),
        ("longest", [("2025", "n", "1"), ("2020", "longer", "7")], ("longer", "7")),
        ("manual", [("2025", "n", "1"), ("2020", "o", "1")], (None, None)),
        ("manual", [("2025", "n", "1"), ("2020", "n", "1")], ("n", "1")),
        ("most_recent", [("2025", None, None), ("2020", "old", None)], ("old", None)),
    ],
)
def test_a_group_moves_whole(
    rule: str, rows: list[tuple[str, str | None, str | None]], whole: tuple[str | None, ...]
) -> None:
    """All fields of a group come from one record; what that leaves out stays empty."""
    table = [{"updated": f"{y}-05-05", "street": s, "box": b} for y, s, b in rows]
    for order in (table, table[::-1]):
        golden = merged(order, {"where": {"rule": rule, "fields": ["street", "box"]}}).golden
        assert golden.select("street", "box").row(0) == whole


def test_a_group_under_a_condition() -> None:
    """A record that does not meet it gives no field of the group, unless none does."""
    rule = {"rule": "most_recent", "fields": ["street", "box"], "when": "status = 'ok'"}
    rows = [
        {"updated": "2025-05-05", "street": "new", "box": "1"},
        {"updated": "2020-05-05", "street": "old", "box": None, "status": "ok"},
    ]
    assert merged(rows, {"where": rule}).golden.select("street", "box").row(0) == ("old", None)
    barred = [rows[0], {**rows[1], "status": "no"}]
    assert merged(barred, {"where": rule}).golden.select("street", "box").row(0) == (None, None)
    otherwise = {**rule, "otherwise": "most_recent"}
    for table in (barred, [rows[0], {"status": "ok"}]):
        golden = merged(table, {"where": otherwise}).golden
        assert golden.select("street", "box").row(0) == ("new", "1")


def test_mobile_and_landline_keep_their_fields() -> None:
    """A mobile typed into the landline's column does not overwrite it, nor the reverse."""
    rows = [
        {"updated": "2025-05-05", "phone": "13912345678", "mobile": "0571-88001234"},
        {"updated": "2020-05-05", "phone": "0571-88001234", "mobile": "13912345678"},
    ]
    golden = merged(rows, {"default": "most_recent"}).golden
    assert golden.select("phone", "mobile").row(0) == ("+8657188001234", "+8613912345678")
    alone = merged([*rows[:1], {}], {"default": "most_recent"}).golden
    assert alone.select("phone", "mobile").row(0) == ("+8613912345678", "+8657188001234")


def test_a_name_with_a_note_loses() -> None:
    """A note in brackets never wins where a clean name exists, however many records have it."""
    noted = [{"name": "杭州茶叶有限公司（已停用）"}] * 3
    value, why, beaten = won("name", [*noted, {"name": "杭州茶叶有限公司"}], "most_frequent")
    assert (value, why, beaten) == ("杭州茶叶有限公司", "whole", ["杭州茶叶有限公司（已停用）"])


def test_a_valid_relation_beats_a_dangling_one() -> None:
    """A relation to a record that is not here wins only where no other is given."""
    spec = EntitySpec.model_validate({"fields": {"name": "text"}})
    rows = {"name": ["a"] * 3, "ref.of": ["s:t/9", "s:t/9", "s:t/1"], "source": ["s"] * 3}
    clusters = pl.DataFrame({"row": [0, 1, 2], "cluster_id": [0] * 3})
    golden = survive(pl.DataFrame(rows), clusters, spec, (), lambda _, keys: keys.filter(
        ~keys.is_in(["s:t/1"])
    ))  # fmt: skip
    assert golden.golden["ref.of"].to_list() == ["s:t/1"]
    assert golden.provenance.filter(field="ref.of")["why"].to_list() == ["whole"]
    every = survive(pl.DataFrame(rows), clusters, spec, (), lambda _, keys: keys)
    assert every.golden["ref.of"].to_list() == ["s:t/9"]


def test_every_rule_is_in_the_table() -> None:
    """A rule the spec knows has its object, and an object is of a rule."""
    assert set(RULES) == set(SurvivorshipStrategy)


def test_a_hundred_records() -> None:
    """A cluster may be large: the majority wins."""
    rows = [at(None, f"v{min(n % 7, 3)}") for n in range(100)]
    whence = merged(rows, {"contact": "most_frequent"}).provenance.filter(field="contact")
    assert whence.select("value", "why").row(0) == ("v3", "votes")
    assert len(whence["alternates"].item()) == 3


DAYS = st.sampled_from([None, "2020-01-01", "2024-02-29", "1900-01-01", "9999-12-31", "2024"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            SOURCE: st.sampled_from(["erp", "web", "x"]),
            "contact": st.sampled_from([None, "a", "A", "aa; a", "暂缺", "b"]),
            "since": DAYS,
            "turnover": st.sampled_from([None, "9", "10", "?"]),
            "phone": st.sampled_from([None, "13912345678", "0571-88001234", "oops"]),
            "mobile": st.sampled_from([None, "13912345678", "0571-88001234"]),
            "status": st.sampled_from([None, "ok", "no"]),
            "updated": DAYS,
            "street": st.sampled_from([None, "Oak", "Elm"]),
            "box": st.sampled_from([None, "1", "2"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, object]:
    """Rules for a text, a date, an amount, telephones and a group."""

    def one(names: Sequence[str]) -> dict[str, object]:
        rule: dict[str, object] = {"rule": draw(st.sampled_from(names))}
        if rule["rule"] == "source_trust":
            rule |= {"trust": {"erp": 0.9, "web": 0.5}}
            rule |= draw(st.sampled_from([{}, {"half_life": 300}]))
        if draw(st.booleans()):
            rule["when"] = "status = 'ok'"
            plain = [name for name in names if name != "source_trust"]
            rule |= draw(st.sampled_from([{}, {"otherwise": draw(st.sampled_from(plain))}]))
        return rule

    names = [str(rule) for rule in SurvivorshipStrategy]
    unordered = [name for name in names if name not in ("highest", "lowest")]
    return {
        "default": one(unordered),
        "contact": one(unordered),
        "since": one(names),
        "turnover": one(names),
        "where": {**one([n for n in unordered if n != "union"]), "fields": ["street", "box"]},
    }


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, rules(), st.data())
def test_rows_may_come_in_any_order(
    rows: list[dict[str, str | None]], chosen: dict[str, object], data: st.DataObject
) -> None:
    """Shuffled rows give the same golden records and provenance, under every rule; no value is made
    up, and a group is what one record says.
    """
    kinds = {name: kind for name, kind in KINDS.items() if name != "name"}
    named = [{RECORD_ID: f"{n}", **row} for n, row in enumerate(rows)]
    of = {row[RECORD_ID]: data.draw(st.integers(0, 2)) for row in named}
    shuffled = data.draw(st.permutations(named))
    both = [
        merged(t, chosen, ("erp", "web"), kinds, [of[row[RECORD_ID]] for row in t])
        for t in (named, shuffled)
    ]
    assert both[0].golden.rows() == both[1].golden.rows()
    assert both[0].provenance.rows() == both[1].provenance.rows()
    assert set(both[0].provenance["why"].drop_nulls()) <= set(REASONS)
    for cluster, street, box in both[0].golden.select("cluster_id", "street", "box").rows():
        own = {(r["street"], r["box"]) for r in named if of[r[RECORD_ID]] == cluster}
        assert (street, box) in own | {(None, None)}
    for value in both[0].golden["contact"].drop_nulls():
        items = [item.lower() for item in value.split("; ")]
        assert len(items) == len(set(items)) or value in {r["contact"] for r in named}
