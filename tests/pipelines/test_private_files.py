"""What a project holds of its customers is its owner's alone."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from guiyi.private_folder import close_to_others
from pipelines.cli.main import cli


def open_to_others(folder: Path) -> list[str]:
    """Files and folders that somebody else may read, write or enter."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.lstat().st_mode & 0o077 and not stat.S_ISLNK(path.lstat().st_mode)
    )


@pytest.mark.slow
def test_nothing_in_a_project_is_open_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a run, a dedup, a look-up, exports, a backup and an erasure every file has mode 600,
    and every folder 700, though the system's default leaves them open to all.
    """
    monkeypatch.setenv("GUIYI_LANG", "en")
    before = os.umask(0o022)
    try:
        folder = tmp_path / "demo"
        project = str(folder)

        def guiyi(*words: str) -> None:
            os.umask(0o022)  # as a shell has it, before each command
            result = CliRunner().invoke(cli, list(words))
            assert result.exit_code in (0, 1, 3), result.output + repr(result.exception)

        guiyi("demo", "--dir", project, "--quiet")
        entity = "company"
        for what in ("golden", "members", "crosswalk"):
            guiyi("export", project, what, "--entity", entity, "--out", str(folder / f"{what}.csv"))
        guiyi("review", "export", project, str(folder / "review.xlsx"))
        sheet = next(folder.rglob("*.xlsx"))
        guiyi("dedupe", str(folder / "members.csv"), "--out", str(folder / "out"), "--quiet")
        guiyi("find", project, "--entity", entity, "--field", "name=苏州")
        guiyi("backup", "make", project)
        guiyi("audit", "checkpoint", project)
        golden = (folder / "golden.csv").read_text(encoding="utf-8-sig").splitlines()[1]
        golden_id = golden.split(",")[0]
        guiyi("subject", project, golden_id, "--out", str(folder / "subject.json"))
        guiyi("erase", project, golden_id, "--yes")
        assert sheet.exists()
        assert open_to_others(folder) == []
    finally:
        os.umask(before)


def test_what_an_older_guiyi_left_open_is_closed(tmp_path: Path) -> None:
    """Modes of files that are there are mended; links are left alone."""
    folder = tmp_path / "project"
    (folder / "runs").mkdir(parents=True)
    folder.chmod(0o755)
    file = folder / "runs" / "golden.parquet"
    file.write_bytes(b"x")
    file.chmod(0o644)
    outside = tmp_path / "other"
    outside.write_bytes(b"x")
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    assert close_to_others(folder) >= 2
    assert open_to_others(folder) == []
    assert outside.stat().st_mode & 0o777 == 0o644
