"""By which endings files are known, and which of them may lie in one folder."""

from connectors.sources.source_type import Location
from guiyi.errors import SourceError
from guiyi.messages import Message

MAIL = frozenset({".eml", ".mbox", ".mbx", ".emlx", ".mht", ".msg", ".pst", ".ost"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
TEXTS = frozenset({".csv", ".tsv", ".txt", ".tab"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
ACCESS = frozenset({".mdb", ".accdb"})
_TABLES = WORKBOOKS | ACCESS | {".csv", ".tsv", ".tab", ".db", ".sqlite"}


def refuse_mixture(location: Location) -> None:
    """A folder is read as one kind of source: what it holds beside must not go unsaid."""
    suffixes = location.suffixes
    tables = suffixes & _TABLES
    folders = [{".dbf"} & suffixes, {".vcf"} & suffixes, MAIL & suffixes]
    if any(folders) and (tables or (".dbf" in suffixes and sum(map(bool, folders)) > 1)):
        raise SourceError(
            Message(
                "a folder with files of several kinds: {kinds}",
                kinds=", ".join(sorted(tables.union(*folders))),
            ),
            place=str(location.path),
            hint="name the files one by one",
        )


def is_maildir(location: Location) -> bool:
    """Whether a folder is a Maildir, whatever its files are called."""
    return any((location.path / name).is_dir() for name in ("cur", "new"))


def folder_holds(location: Location, some: frozenset[str]) -> bool:
    """Whether a folder is one of such files, and none of the Maildir kind."""
    if not location.is_folder or is_maildir(location) or not location.suffixes & some:
        return False
    refuse_mixture(location)
    return True
