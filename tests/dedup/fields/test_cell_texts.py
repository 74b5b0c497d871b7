"""A cell that is no valid value may still be evidence, and some dates are none."""

import pytest

from dedup.fields.cell_texts import day_in, refused_text
from dedup.forms.contact_cells import joined, parted
from guiyi.kinds import Kind


@pytest.mark.parametrize(
    ("raw", "reason", "kind", "text"),
    [
        ("9132-0594 X", "invalid: check character", Kind.USCC, "91320594X"),
        ("15******", "invalid: characters", Kind.USCC, None),
        ("134****7507", "invalid: masked", Kind.PHONE, "134****7507"),
        ("１３４****7507", "invalid: placeholder", Kind.PHONE, "134****7507"),
        ("call me", "invalid: placeholder", Kind.PHONE, None),
        ("not @ all", "invalid: mailbox", Kind.EMAIL, "not @ all"),
        ("whatever", "invalid: dummy", Kind.EMAIL, None),
    ],
)
def test_a_refused_value_is_evidence_as_it_stands(
    raw: str, reason: str, kind: Kind, text: str | None
) -> None:
    """A mistyped number is somebody's, one masked or a placeholder nobody's in particular."""
    assert refused_text(raw, reason, kind) == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1987-03-05", "1987-03-05"),
        ("1987-03-05 10:30:00", "1987-03-05"),
        ("19870305", "1987-03-05"),
        ("1987-03", "1987-03-00"),
        ("1987", "1987-00-00"),
        ("1900-01-01", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_compared_as_far_as_it_is_known(text: str, day: str | None) -> None:
    """What is not known is 00; a date that systems write where they know none is missing."""
    assert day_in(text) == day


def test_a_cell_of_several_is_compared_by_its_first_three() -> None:
    """Each once; a cell of fewer leaves the rest missing."""
    assert joined(["1", "2", "1", "3", "4"]) == "1;2;3"
    assert joined([]) is None
    assert parted("1;2") == ["1", "2", None]
