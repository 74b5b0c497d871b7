"""A load writes when it may."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from guiyi.spec import LoadSpec, closed_until

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("windows", "now", "opens"),
    [
        ([], "2026-12-01 12:00", None),  # a Tuesday
        (["22:00-06:00"], "2026-12-01 23:00", None),
        (["22:00-06:00"], "2026-12-01 05:59", None),
        (["22:00-06:00"], "2026-12-01 06:00", "2026-12-01 22:00"),
        (["sat,sun"], "2026-12-01 12:00", "2026-12-05 00:00"),
        (["sat,sun"], "2026-12-06 23:59", None),
        (["mon-fri 20:00-23:30"], "2026-12-04 23:30", "2026-12-07 20:00"),
        (["Fri-Mon 1:00-2:00"], "2026-12-01 12:00", "2026-12-04 01:00"),
        (["fri 22:00-06:00"], "2026-12-05 03:00", None),
        (["22:00-24:00", "00:00-02:00"], "2026-12-01 00:30", None),
        (["22:00-06:00", "sat, sun"], "2026-12-05 12:00", None),
    ],
)
def test_when_a_window_is_open(windows: list[str], now: str, opens: str | None) -> None:
    spec = LoadSpec(windows=windows)
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    found = closed_until(spec.windows, spec.timezone, moment)
    assert (found and found.isoformat(" ", "minutes")) == (opens and f"{opens}+08:00")


def test_a_window_keeps_to_the_clock_when_summer_begins() -> None:
    """In Berlin the night of 29 March 2026 is an hour shorter."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 29, 5, 59, tzinfo=berlin)
    assert closed_until(["22:00-06:00"], "Europe/Berlin", before) is None
    after = datetime(2026, 3, 29, 6, 0, tzinfo=berlin)
    assert closed_until(["22:00-06:00"], "Europe/Berlin", after) is not None


@pytest.mark.parametrize(
    "text", ["", "22:00", "25:00-26:00", "22:60-23:00", "someday", "6:00-6:00", "sat-", "22-6"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is no window"):
        LoadSpec(windows=[text])
