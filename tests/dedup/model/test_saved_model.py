"""A model that was kept judges as it did; one that does not fit is refused."""

import json
from dataclasses import fields
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks import persons
from benchmarks.companies import customers
from cleansing import clean_table
from dedup import link, resolve
from dedup.comparison.base import Group, NameOrder
from dedup.fields.chosen import compare_fields
from dedup.model.mixture import Mixture
from dedup.model.saved_model import VERSION, SavedModel, levels_of, read_model
from dedup.run import MatchingRun
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec

KINDS = {"name": Kind.PERSON_NAME, "mail": Kind.EMAIL, "phone": Kind.PHONE, "town": Kind.REGION}
FIT_ALONE = {"gross", "ceiling", "most_changed", "never", "loose", "kinds", "given", "owned"}
"""What a mixture holds for EM; a saved model does not learn."""
FIRST = ("John", "Robert", "Margaret", "Edward", "Richard")
"""Known given names."""
SYLLABLES = "ba do fi gu ka le mo nu pa re si tu va wo ze".split()  # noqa: SIM905


def register(people: int = 220, seed: int = 6) -> pl.DataFrame:
    """People twice, the second time with a slip in the mail box and perhaps no town."""
    draw = np.random.default_rng(seed)
    rows = []
    for who in range(people):
        given, family, town = ("".join(map(str, draw.choice(SYLLABLES, n))) for n in (2, 4, 3))
        phone = f"0301{draw.integers(10**6, 10**7)}"
        rows.append((f"{given} {family}", f"{given}.{family}@mail.net", phone, town))
        slip = f"{given}.{family[:-1]}@mail.net"
        rows.append((f"{given} {family}", slip, phone if who % 3 else None, town))
    return clean_table(pl.DataFrame(rows, schema=list(KINDS), orient="row"), KINDS)


def labels_of(pairs: pl.DataFrame) -> pl.DataFrame:
    """The truth about some pairs: both records of a person stand side by side."""
    drawn = pairs.sample(min(120, pairs.height), seed=1)
    same = drawn["row_l"] // 2 == drawn["row_r"] // 2
    return drawn.select("row_l", "row_r").with_columns(match=same)


@pytest.fixture(scope="module")
def records() -> pl.DataFrame:
    """The register, cleaned."""
    return register()


@pytest.fixture(scope="module")
def fitted(records):
    """The register resolved without a model."""
    return resolve(records, KINDS)


def written(model: dict[str, Any]) -> dict[str, Any]:
    """A model as it comes back from a file."""
    document: dict[str, Any] = json.loads(json.dumps(model, ensure_ascii=False, indent=2))
    return document


@pytest.mark.parametrize("taught", [False, True], ids=["by itself", "with labels"])
def test_a_reloaded_model_gives_the_same_weights_bit_for_bit(records, fitted, taught: bool) -> None:
    """The same records give the same pairs, weights and clusters by the model read back."""
    if taught:
        fitted = resolve(records, KINDS, labels=labels_of(fitted.pairs))
    again = resolve(records, KINDS, model=read_model(written(fitted.model)))
    assert again.pairs.equals(fitted.pairs)
    assert again.clusters.equals(fitted.clusters)
    assert written(again.model) == written(fitted.model) | {
        "explanation": again.model["explanation"]
    }


def test_all_that_judges_comes_back(fitted) -> None:
    """Classes of matches and of others, and what each field says, are those that were fitted."""
    back = read_model(written(fitted.model)).mixture
    assert [c.name for c in back.changes] == [c["name"] for c in fitted.model["changes"]]
    assert {"same household", "same name"} <= {c.name for c in back.circumstances}
    assert back.name_groups == {Group.GIVEN, Group.SURNAME}
    told = {c["name"]: c["role"] for c in fitted.model["comparisons"]}
    assert told["name.given"] == told["name.surname"] == "identifies"
    assert told["mail"] == told["phone"] == "shared"
    assert {back.names[f] for f in back.identity} == {"name.given", "name.surname"}
    conflicts = {n: [own[c] for c in of] for n, own, of in zip(
        back.names, back.labels, back.conflicts, strict=True)}  # fmt: skip
    assert conflicts["phone"] == ["different"]
    assert "faintly alike" in conflicts["name.surname"]


def test_every_part_of_the_mixture_is_kept_or_only_fitted(records) -> None:
    """What a mixture holds comes back as it was, but for what EM alone needs."""
    run = MatchingRun(records, KINDS, MatchSpec())
    run.candidates()
    back = read_model(written(run.resolution().model)).mixture
    for own in fields(Mixture):
        if own.name in FIT_ALONE:
            continue
        one, other = getattr(run.mixture, own.name), getattr(back, own.name)
        if own.name in ("m", "u"):
            continue  # the weights of levels that occur are compared bit for bit above
        if own.name in ("changes", "circumstances"):
            assert [(c.name, c.share) for c in one] == [(c.name, c.share) for c in other]
            assert all(
                np.array_equal(a.levels[f], b.levels[f])
                for a, b in zip(one, other, strict=True)
                for f in a.levels.keys() | b.levels.keys()
            )
        elif own.name == "near":
            assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
        elif own.name == "conflicts":
            assert [[n for n in c if back.labels[f][n] != "–"] for f, c in enumerate(one)] == [
                list(c) for c in other
            ]
        else:
            assert one == other, own.name


def test_what_was_decided_on_the_values_is_kept() -> None:
    """A few names of firms written abroad are judged as the registered ones the model knows."""
    kinds = {"name": Kind.COMPANY_NAME, "phone": Kind.PHONE}
    firms = customers(400, 5).select(name="公司名称", phone="电话")
    model = read_model(written(resolve(clean_table(firms, kinds), kinds).model))
    abroad = [(f"{a} {b} Ltd", f"0208765{n}00{m}") for n, a in enumerate(("Acme", "Borden"), 1)
              for m, b in enumerate(("Tools", "Optics", "Trading"), 1)]  # fmt: skip
    abroad += [("Cole Ltd", f"02087653{n}") for n in range(20)]
    table = clean_table(pl.DataFrame(abroad, schema=list(kinds), orient="row"), kinds)
    (made, *_), _ = compare_fields(table, kinds)
    assert not made.registered
    kept = next(c for c in MatchingRun(table, kinds, MatchSpec(), model=model).comparisons
                if c.name == "name")  # fmt: skip
    assert kept.registered
    assert kept.apart == kept.conflicts
    assert made.column.bins.max() == 2
    assert kept.column.bins.max() == 1, "a rare name written abroad is no registered one"


def test_names_are_put_right_as_the_model_knows_them() -> None:
    """Where the surname often came first, a record with the given name last is read so."""
    kinds = {"name": Kind.PERSON_NAME, "phone": Kind.PHONE}
    people = persons.register(900, 3)
    name = pl.concat_str("last_name", "first_name", separator=" ")
    turned = clean_table(people.select(name=name, phone="phone"), kinds)
    model = read_model(written(resolve(turned, kinds).model))
    assert model.order is NameOrder.SURNAME
    few = [("Quist William", "02087650000")]
    few += [(f"{given} Venn", f"0208765000{n}") for n, given in enumerate(FIRST, 1)]
    table = clean_table(pl.DataFrame(few, schema=list(kinds), orient="row"), kinds)

    def given_names(saved: SavedModel | None) -> set[str]:
        run = MatchingRun(table, kinds, MatchSpec(), model=saved)
        given = next(c for c in run.comparisons if c.name == "name.given").column
        return {given.values[code] for code in given.codes.tolist()}

    assert given_names(model) == {"william", *(name.lower() for name in FIRST)}
    assert "quist" in given_names(None)


def test_another_entity_than_the_models_is_refused(records, fitted) -> None:
    """A model of persons judges no companies; without a word about it, its own entity is used."""
    saved = read_model(written(fitted.model))
    assert saved.subject is not None
    assert saved.subject.entity == "person"
    assert resolve(records, KINDS, model=saved).subject == saved.subject
    with pytest.raises(SpecError, match="for persons, and companies are asked for"):
        resolve(records, KINDS, MatchSpec(entity="company"), model=saved)


def test_a_correction_by_labels_is_kept_bit_for_bit(fitted) -> None:
    """What labels taught stands in the document, level by level, and comes back the same."""
    from dataclasses import replace

    from dedup.comparison.levels import CONTEXTS, WIDTH
    from dedup.model.corrections import Learned
    from dedup.model.saved_model import mixture_document

    saved = read_model(written(fitted.model))
    draw = np.random.default_rng(1)
    added = []
    for m, own in zip(saved.mixture.m, saved.mixture.labels, strict=True):
        possible = np.isin(np.arange(CONTEXTS * WIDTH) % WIDTH, range(1, len(own)))
        added.append(np.where(possible & (m != 1), draw.normal(size=CONTEXTS * WIDTH), 0.0))
    taught = replace(saved.mixture, learned=Learned(0.1, -1 / 3, tuple(added)))
    document = mixture_document(taught, _comparisons(), saved.screen)
    back = read_model(written(document | {"thresholds": fitted.model["thresholds"]}))
    levels = levels_of(fitted.pairs, saved)
    assert np.array_equal(back.mixture.log_odds(levels), taught.log_odds(levels))
    assert not np.array_equal(taught.log_odds(levels), saved.mixture.log_odds(levels))


def _comparisons():
    return compare_fields(register(), KINDS)[0]


def test_levels_come_back_from_their_names(fitted) -> None:
    """The levels written beside the pairs are enough to judge them again."""
    saved = read_model(written(fitted.model))
    odds = saved.mixture.log_odds(levels_of(fitted.pairs, saved))
    outside = (fitted.pairs["verdict"] != "match").to_numpy()
    told = fitted.pairs["match_weight"].to_numpy()
    assert outside.any()
    assert (odds / np.log(2)).astype(np.float32)[outside] == pytest.approx(told[outside])


def test_a_model_serves_other_records_of_the_same_fields(fitted) -> None:
    """A model fitted on one register resolves another, and does not learn from it."""
    others = register(150, seed=9)
    found = resolve(others, KINDS, model=read_model(written(fitted.model)))
    assert found.model["comparisons"] == fitted.model["comparisons"]
    assert found.clusters["cluster_id"].n_unique() == pytest.approx(150, abs=8)


def test_a_model_serves_a_linkage(records, fitted) -> None:
    """The two copies of each person link by a saved model as well."""
    left, right = records[::2], records[1::2]
    found = link(left, right, KINDS, model=read_model(written(fitted.model)))
    right_links = found.links.filter(pl.col("left_row") == pl.col("right_row")).height
    assert right_links > 0.95 * left.height


def test_the_columns_order_does_not_matter(records, fitted) -> None:
    """A model finds its fields by name."""
    turned = dict(reversed(KINDS.items()))
    again = resolve(records, turned, model=read_model(written(fitted.model)))
    assert again.clusters.equals(fitted.clusters)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": VERSION + 1}, f"a model of version {VERSION + 1}"),
        ({"version": 1}, "a model of version 1"),
        ({"version": 2}, "a model of version 2, and this program reads version 3"),
        ({"changes": [{}]}, "a damaged model"),
        ({"name_groups": ["nobody"]}, "a damaged model"),
        ({"subject": {"entity": "person"}}, "a damaged model"),
        ({"comparisons": [{}]}, "a damaged model"),
        ({"prior": "much"}, "a damaged model"),
        ({"thresholds": {}}, "a damaged model"),
    ],
)
def test_a_model_of_another_kind_is_refused(fitted, change: dict[str, Any], said: str) -> None:
    """Another version or a damaged document is refused in one line."""
    with pytest.raises(SpecError, match=said):
        read_model(written(fitted.model) | change)


@pytest.mark.parametrize("document", [{}, [], {"version": "1.0"}, "text"])
def test_what_is_no_model_is_refused(document: Any) -> None:
    """Any other JSON is told from a model."""
    with pytest.raises(SpecError, match="not a model"):
        read_model(document)


def test_a_model_that_learned_nothing_is_told_as_one() -> None:
    """What was kept of records that all are equal cannot judge others, and says why."""
    same = pl.DataFrame({"phone": ["13800138000"] * 9})
    kept = resolve(clean_table(same, {"phone": Kind.PHONE}), {"phone": Kind.PHONE}).model
    with pytest.raises(SpecError, match="a model without weights"):
        read_model(written(kept))


def test_other_fields_are_refused(records, fitted) -> None:
    """The fields that differ are named."""
    saved = read_model(written(fitted.model))
    fewer = {name: kind for name, kind in KINDS.items() if name != "phone"}
    with pytest.raises(SpecError, match="these differ: phone"):
        resolve(records, fewer, model=saved)


def test_labels_and_a_model_do_not_go_together(records, fitted) -> None:
    """A kept model does not learn, so labels beside it are refused."""
    saved = read_model(written(fitted.model))
    with pytest.raises(SpecError, match="does not learn"):
        resolve(records, KINDS, labels=labels_of(fitted.pairs), model=saved)
