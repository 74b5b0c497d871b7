"""Memory is given back between steps, and who asked for an allocator's ways keeps them."""

import os

import pytest

from pipelines import memory


def test_memory_is_given_back_when_a_step_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for each step and before it is told of, not at every sign of progress."""
    seen: list[str] = []
    monkeypatch.setattr(memory, "give_back", lambda: seen.append("given back"))
    watch = memory.giving_back(lambda what, done, total: seen.append(f"{what} {done} {total}"))
    watch("block", 0, None)
    watch("compare", 5, 10)
    watch("compare", 10, 10)
    assert seen == ["given back", "block 0 None", "compare 5 10", "compare 10 10"]


def test_ones_own_settings_of_the_allocator_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where nothing is said are ours taken."""
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "narenas:1")
    memory.let_polars_give_back()
    assert os.environ["_RJEM_MALLOC_CONF"] == "narenas:1"
    monkeypatch.delenv("_RJEM_MALLOC_CONF")
    memory.let_polars_give_back()
    assert "background_thread:true" in os.environ["_RJEM_MALLOC_CONF"]
