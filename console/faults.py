"""Faults of ours: the log says where, never with what values."""

import logging
import traceback

from console.asked import Refused

LOG = logging.getLogger("guiyi.console")
FAULT = Refused(500, "something went wrong here", "the log of the console says where")


def log_fault(path: str, error: Exception) -> None:
    """Write down where an exception arose; its text may hold what a customer is called."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    LOG.error("%s: %s at %s", path, type(error).__name__, places)
