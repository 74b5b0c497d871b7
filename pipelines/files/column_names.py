"""Keeps a user's column names apart from the names our tables use."""

from collections.abc import Iterable

from guiyi.records import RESERVED


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Give each column a name that is none of ours and, having no dot, no part of another column.

    Most columns keep theirs: `name` stays, `name.raw` becomes `name_raw`, `source` `source_2`.
    """
    names = list(names)
    taken = {*RESERVED, *(name for name in names if "." not in name)}
    safe: dict[str, str] = {}
    for name in names:
        found = wanted = name.replace(".", "_")
        count = 1
        while found in taken and not (found == name and name not in RESERVED):
            count += 1
            found = f"{wanted}_{count}"
        taken.add(found)
        safe[name] = found
    return safe
