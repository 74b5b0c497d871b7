"""Which values survive into a golden record."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dedup.survivorship import Golden, survive, surviving
from dedup.survivorship.candidate_values import choices
from dedup.survivorship.ranked_members import RankedMembers
from guiyi.spec import EntitySpec
from tests.dedup.survivorship.merging_at_once import survive_at_once
from tests.examples import examples

COMPANY = EntitySpec.model_validate(
    {
        "fields": {"name": "company_name", "phone": "phone", "updated": "date"},
        "updated": "updated",
    }
)


def company(rule: object) -> EntitySpec:
    return COMPANY.model_copy(
        update={
            "survivorship": EntitySpec.model_validate(
                {"fields": {"name": "text"}, "survivorship": {"default": rule}}
            ).survivorship
        }
    )


def records(*rows: dict[str, object]) -> pl.DataFrame:
    columns = [
        "source",
        "record_id",
        "name",
        "name.raw",
        "name.reason",
        "name.key",
        "name.brand",
        "name.imputed",
        "phone",
        "phone.all",
        "updated",
        "ref.parent",
    ]
    schema = {name: pl.String() for name in columns}
    typed = schema | {"name.imputed": pl.Boolean(), "phone.all": pl.List(pl.String)}
    filled = [{"record_id": str(i), "source": "erp"} | row for i, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=typed)


def merged(rows: list[dict[str, object]], rule: object, sources: tuple[str, ...] = ()) -> Golden:
    """All rows are one cluster."""
    clusters = pl.DataFrame({"row": range(len(rows)), "cluster_id": [0] * len(rows)})
    return survive(records(*rows), clusters, company(rule), sources)


def name_of(golden: Golden) -> tuple[str | None, list[str]]:
    row = golden.provenance.filter(field="name").row(0, named=True)
    assert golden.golden["name"].item() == row["value"]
    return row["value"], row["alternates"]


A, B = "甲科技有限公司", "乙科技有限公司"


@pytest.mark.parametrize(
    ("rule", "rows", "value", "alternates"),
    [
        pytest.param(
            "most_frequent",
            [{"name": A}, {"name": B}, {"name": B}],
            B,
            [A],
            id="the value most records hold wins",
        ),
        pytest.param(
            "most_frequent",
            [
                {"name": "Acme GmbH", "name.key": "acme"},
                {"name": "ACME", "name.key": "acme"},
                {"name": "Apex", "name.key": "apex"},
                {"name": "Apex", "name.key": "apex"},
                {"name": "Acme GmbH", "name.key": "acme"},
            ],
            "Acme GmbH",
            ["Apex", "ACME"],
            id="spellings of one key vote together and the most frequent is shown",
        ),
        pytest.param(
            "most_frequent",
            [
                {"name": "ACME", "name.key": "acme"},
                {"name": "Acme GmbH", "name.key": "acme"},
                {"name": "Apex", "name.key": "apex", "source": "crm"},
            ],
            "Acme GmbH",
            ["Apex", "ACME"],
            id="of equally frequent spellings the fullest is shown",
        ),
        pytest.param(
            "most_recent",
            [
                {"name": A, "updated": "2024-03-01"},
                {"name": B, "updated": "2023-12-31"},
                {"name": B, "updated": None},
            ],
            A,
            [B],
            id="the latest update wins and an unknown date is the oldest",
        ),
        pytest.param(
            "most_recent",
            [{"name": None, "updated": "2024-03-01"}, {"name": B, "updated": "2023-12-31"}],
            B,
            [],
            id="a missing value does not win by being recent",
        ),
        pytest.param(
            "most_complete",
            [{"name": "甲公司"}, {"name": A}, {"name": "甲公司"}],
            A,
            ["甲公司"],
            id="the longest value is the most complete",
        ),
        pytest.param(
            "source_priority",
            [{"name": A, "source": "mail"}, {"name": B, "source": "crm"}, {"name": A}],
            B,
            [A],
            id="the most trusted source wins against a majority",
        ),
        pytest.param(
            {"rule": "source_priority", "sources": ["mail", "erp"]},
            [{"name": A, "source": "mail"}, {"name": B, "source": "crm"}],
            A,
            [B],
            id="a field may trust sources in an order of its own",
        ),
        pytest.param(
            "union",
            [
                {"name": A, "source": "mail"},
                {"name": B, "source": "crm"},
                {"name": A, "source": "erp"},
            ],
            f"{B}; {A}",
            [],
            id="a union joins the distinct values, the most trusted first",
        ),
        pytest.param(
            "most_frequent",
            [{"name": None, "name.raw": "？？"}, {"name": None, "name.raw": "N/A"}],
            None,
            ["N/A", "？？"],
            id="when no value is valid the raw ones are kept as alternates",
        ),
        pytest.param(
            "most_recent",
            [
                {"name": None, "name.raw": "？？", "updated": "2024-03-01"},
                {"name": A, "name.raw": A, "updated": "2001-01-01"},
            ],
            A,
            [],
            id="a refused value never wins over a valid one",
        ),
        pytest.param(
            "most_frequent",
            [
                {"name": B, "name.imputed": True},
                {"name": B, "name.imputed": True},
                {"name": A, "name.imputed": False},
            ],
            A,
            [],
            id="imputed values do not vote",
        ),
    ],
)
def test_rule(
    rule: object, rows: list[dict[str, object]], value: str | None, alternates: list[str]
) -> None:
    """Each survivorship rule picks its value and keeps what it beat."""
    assert name_of(merged(rows, rule, ("crm", "erp", "mail"))) == (value, alternates)


@pytest.mark.parametrize("rule", ["most_frequent", "most_complete", "most_recent"])
def test_ties(rule: str) -> None:
    """Ties go to the trusted source, then the most recent record, then the first record key."""
    one = {"name": A, "source": "erp", "record_id": "9", "updated": "2020-01-01"}
    same_day = {"name": B, "source": "crm", "record_id": "2", "updated": "2020-01-01"}
    same_key = {"name": B, "source": "erp", "record_id": "8", "updated": "2020-01-01"}
    newer = {"name": B, "source": "erp", "record_id": "9", "updated": "2021-01-01"}
    for other in (same_day, same_key, newer):
        assert name_of(merged([one, other], rule, ("crm", "erp")))[0] == B


def test_imputed_last() -> None:
    """A value no record held fills the golden record, marked there and in its provenance."""
    golden = merged([{"name": A, "name.imputed": True}, {"name": None}], "most_frequent")
    assert golden.golden.select("name", "name.imputed").row(0) == (A, True)
    assert golden.provenance.filter(field="name")["rule"].to_list() == ["imputed"]


def test_parts_follow_the_winner() -> None:
    """Parts come from the record whose value won, even where another record's parts are fuller."""
    rows = [{"name": A, "name.brand": None}, {"name": A}, {"name": B, "name.brand": "乙"}]
    golden = merged(rows, "most_frequent").golden
    assert golden["name.brand"].to_list() == [None]
    assert "name.raw" not in golden.columns
    assert "name.reason" not in golden.columns


def test_union_of_lists() -> None:
    """A union of phones has all phones of all records, each once."""
    rows = [{"phone": "1", "phone.all": ["1", "2"]}, {"phone": "2", "phone.all": ["2", "3"]}]
    golden = merged(rows, "union").golden
    assert golden["phone"].to_list() == ["1; 2"]
    assert golden["phone.all"].to_list() == [["1", "2", "3"]]


def test_relations() -> None:
    """A golden record points where its winning record pointed; other targets stay as alternates."""
    golden = merged([{"ref.parent": p} for p in ("erp:1", None, "erp:2", "erp:2")], "union")
    row = golden.provenance.filter(field="ref.parent").row(0, named=True)
    assert golden.golden["ref.parent"].to_list() == ["erp:1"]
    assert (row["value"], row["alternates"]) == ("erp:1", ["erp:2"])


def test_provenance_names_the_record() -> None:
    """Each surviving value names its source record and rule; fields nobody filled have no row."""
    golden = merged([{"name": B}, {"name": A, "record_id": "7"}, {"name": A}], "most_frequent")
    assert golden.provenance.rows() == [(0, "name", A, "erp", "2", "most_frequent", "votes", [B])]


def test_left_out_rows() -> None:
    """Records without a cluster reach no golden record, and every cluster reaches exactly one."""
    table = records({"name": A}, {"name": B}, {"name": A}, {})
    clusters = pl.DataFrame({"row": [0, 2, 3], "cluster_id": [0, 0, 3]})
    golden = survive(table, clusters, COMPANY, ())
    assert golden.golden.select("cluster_id", "name", "members").rows() == [(0, A, 2), (3, None, 1)]


def test_nothing() -> None:
    """No records give no golden records, in the same columns."""
    golden = survive(
        records(), pl.DataFrame(schema={"row": pl.Int64, "cluster_id": pl.Int64}), COMPANY, ()
    )
    assert golden.golden.height == golden.provenance.height == 0
    assert {"cluster_id", "name", "name.brand", "ref.parent", "members"} <= set(
        golden.golden.columns
    )


VALUES = st.sampled_from([None, "a", "aa", "b", "B"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": VALUES,
            "name.raw": VALUES,
            "name.key": st.sampled_from([None, "a", "b"]),
            "name.imputed": st.sampled_from([None, True, False]),
            "source": st.sampled_from(["erp", "crm"]),
            "updated": st.sampled_from([None, "2020-01-01", "2021-01-01"]),
            "cluster": st.integers(0, 3),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=examples(40))
@given(
    ROWS,
    st.sampled_from(["most_frequent", "most_recent", "most_complete", "source_priority", "union"]),
    st.randoms(use_true_random=False),
)
def test_order_of_records(rows: list[dict[str, object]], rule: str, random: object) -> None:
    """The golden records do not depend on the order in which the records came."""
    keyed = [row | {"record_id": str(i)} for i, row in enumerate(rows)]
    shuffled = list(keyed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    outcomes = []
    for table in (keyed, shuffled):
        clusters = pl.DataFrame(
            {"row": range(len(table)), "cluster_id": [row["cluster"] for row in table]}
        )
        plain = [{k: v for k, v in row.items() if k != "cluster"} for row in table]
        golden = survive(records(*plain), clusters, company(rule), ("crm", "erp"))
        outcomes.append((golden.golden.rows(), golden.provenance.rows()))
    assert outcomes[0] == outcomes[1]
    assert sum(row[-1] for row in outcomes[0][0]) == len(rows)


@settings(deadline=None, max_examples=examples(40))
@given(
    ROWS,
    st.sampled_from(["most_frequent", "most_recent", "most_complete", "source_priority", "union"]),
    st.booleans(),
)
def test_field_by_field(rows: list[dict[str, object]], rule: str, imputed: bool) -> None:
    """A field merged on its own comes out as it does when records are merged whole."""
    clusters = pl.DataFrame(
        {"row": range(len(rows)), "cluster_id": [row["cluster"] for row in rows]}
    )
    table = records(*({k: v for k, v in row.items() if k != "cluster"} for row in rows))
    if not imputed:
        table = table.drop("name.imputed")
    at_once = survive_at_once(table, clusters, company(rule), ("crm", "erp"))
    by_field = survive(table, clusters, company(rule), ("crm", "erp"))
    assert_frame_equal(by_field.golden, at_once.golden)
    assert_frame_equal(by_field.provenance, at_once.provenance)
    whole = at_once.golden["name"]
    standing = RankedMembers.of(table, clusters, "updated", ("crm", "erp"))
    name = next(column for column in choices(table, company(rule)) if column.name == "name")
    assert surviving(table, standing, name).value.to_list() == whole.to_list()
    cells = table.select(column for column in table.columns if column.startswith("name"))
    once = cells.unique(maintain_order=True).with_row_index("code")
    on = cells.columns
    codes = cells.join(once, on=on, how="left", nulls_equal=True, maintain_order="left")["code"]
    told = (once.drop("code"), standing, name, codes.to_numpy().astype(np.int32))
    assert surviving(*told).value.to_list() == whole.to_list()
