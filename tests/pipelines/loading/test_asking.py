"""Whether a batch of which nobody knows the end went in: by what its rows show."""

import pytest

from pipelines.loading.asking import SentBatch

Image = dict[str, str | None] | None
OLD: Image = {"phone": "1", "city": "无锡"}
NEW: Image = {"phone": "2", "city": "无锡市"}


def _batch(now: Image, before: Image = OLD, after: Image = NEW) -> SentBatch:
    return SentBatch("b", "account", "full", {"G1": before}, {"G1": after}, {"G1": now})


@pytest.mark.parametrize(
    ("now", "is_missing"),
    [
        (OLD, True),
        (NEW, False),
        ({"phone": "9", "city": "无锡"}, True),  # a colleague was quicker, and it was refused
        ({"phone": "9", "city": "无锡市"}, False),  # it went in, and a colleague came after it
        ({"phone": "9", "city": "CN-无锡市"}, False),  # the target alters what it is given
        (None, False),  # somebody has deleted it since
    ],
)
def test_a_row_is_not_in_if_it_shows_nothing_of_what_was_to_change(
    now: Image, is_missing: bool
) -> None:
    assert _batch(now).not_in == (["G1"] if is_missing else [])


def test_a_row_that_was_to_stay_as_it_is_is_in() -> None:
    assert _batch(OLD, OLD, OLD).not_in == []


@pytest.mark.parametrize(
    ("now", "before", "after", "is_missing"),
    [
        (None, None, NEW, True),  # was to be made
        (NEW, None, NEW, False),
        (OLD, OLD, None, True),  # was to be deleted
        (None, OLD, None, False),
    ],
)
def test_a_row_that_was_to_come_or_go(
    now: Image, before: Image, after: Image, is_missing: bool
) -> None:
    assert bool(_batch(now, before, after).not_in) == is_missing
