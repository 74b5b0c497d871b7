"""What a folder is said to be, before anything is read."""

from pathlib import Path

import pytest

from connectors.sources import inspect
from guiyi.errors import SourceError

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEND:VCARD\n"


def test_a_folder_of_several_kinds_is_refused_with_their_names(tmp_path: Path) -> None:
    """Nobody believes a folder was read whole when only its cards were."""
    (tmp_path / "cards.vcf").write_text(CARD)
    (tmp_path / "customers.csv").write_text("name\nAnn Lee\n")
    with pytest.raises(SourceError, match=r"several kinds: \.csv, \.vcf"):
        inspect(str(tmp_path))


def test_a_folder_of_one_kind_is_read_with_notes_beside_it(tmp_path: Path) -> None:
    """A text beside the cards is no customer list, and does no harm."""
    (tmp_path / "cards.vcf").write_text(CARD)
    (tmp_path / "readme.txt").write_text("cards of the fair")
    assert str(inspect(str(tmp_path)).kind) == "vcard"
