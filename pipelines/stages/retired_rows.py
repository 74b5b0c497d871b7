"""What a run says of rows of the CRM whose records were merged into others."""

from collections.abc import Iterable, Iterator

from guiyi.messages import Message
from pipelines.loading import Retired

NAMED = 20
"""Rows that a note names at most."""


def notes_of(retired: Retired) -> Iterator[Message]:
    """What became of rows of the CRM whose records were merged into others."""
    done = (
        (
            retired.marked,
            "{n:,} row of a record merged into another was marked in the CRM",
            "{n:,} rows of records merged into others were marked in the CRM",
        ),
        (
            retired.deleted,
            "{n:,} row of a record merged into another was deleted in the CRM",
            "{n:,} rows of records merged into others were deleted in the CRM",
        ),
        (
            retired.edited,
            "{n:,} row of a record merged into another stays in the CRM: someone has changed it",
            "{n:,} rows of records merged into others stay in the CRM: someone has changed them",
        ),
        (
            retired.needed,
            "{n:,} row of a record merged into another stays in the CRM: others point to it still",
            "{n:,} rows of records merged into others stay in the CRM: others point to them still",
        ),
        (
            retired.refused,
            "{n:,} row of a record merged into another stays: the CRM refused to delete it",
            "{n:,} rows of records merged into others stay: the CRM refused to delete them",
        ),
        (
            retired.repointed,
            "{n:,} row that was not loaded points to the surviving record now",
            "{n:,} rows that were not loaded point to the surviving records now",
        ),
        (
            retired.restored,
            "{n:,} row of the CRM is a record of its own again and lost its mark",
            "{n:,} rows of the CRM are records of their own again and lost their marks",
        ),
        (
            retired.returned,
            "{n:,} row that a merge had turned to the surviving record points back",
            "{n:,} rows that a merge had turned to the surviving record point back",
        ),
    )
    yield from _counted(done)
    if retired.blocked:
        yield Message.counted(
            "{n:,} row does not point back after the unmerge, as someone has turned it elsewhere: "
            "{rows}",
            "{n:,} rows do not point back after the unmerge, as someone has turned them elsewhere: "
            "{rows}",
            n=len(retired.blocked),
            rows=", ".join(retired.blocked[:NAMED]),
        )


def foretold_notes(retired: Retired) -> Iterator[Message]:
    """What would become of them."""
    return _counted(
        (
            (
                retired.marked,
                "{n:,} row of a record merged into another would be marked in the CRM",
                "{n:,} rows of records merged into others would be marked in the CRM",
            ),
            (
                retired.deleted,
                "{n:,} row of a record merged into another would be deleted in the CRM",
                "{n:,} rows of records merged into others would be deleted in the CRM",
            ),
            (
                retired.edited + retired.needed,
                "{n:,} row of a record merged into another would stay in the CRM, as someone has "
                "changed it or others point to it",
                "{n:,} rows of records merged into others would stay in the CRM, as someone has "
                "changed them or others point to them",
            ),
            (
                retired.repointed,
                "{n:,} row that is not loaded would point to the surviving record",
                "{n:,} rows that are not loaded would point to the surviving records",
            ),
            (
                retired.restored,
                "{n:,} row of a record that is its own again would lose its mark",
                "{n:,} rows of records that are their own again would lose their marks",
            ),
            (
                retired.returned,
                "{n:,} row that a merge had turned to the surviving record would point back",
                "{n:,} rows that a merge had turned to the surviving record would point back",
            ),
        )
    )


def _counted(lines: Iterable[tuple[int, str, str]]) -> Iterator[Message]:
    for count, one, many in lines:
        if count:
            yield Message.counted(one, many, n=count)
