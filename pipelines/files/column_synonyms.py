"""What people call one and the same column: 手机, mobile and Mobile Phone."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from cleansing.text import simplify_text, tidy
from guiyi.kinds import Kind

_BESIDE = re.compile(r"[\s_\-./()（）\[\]【】:：*]+")
_OWNER = re.compile(r"^(?:customer|client|cust|客户|顾客|会员)(?=.)")


def folded(header: str) -> str:
    """A header without what people vary in writing it: case, script, and marks between words."""
    bare = simplify_text(_BESIDE.sub("", tidy(header)).casefold())
    return bare or header


def meanings(header: str) -> Mapping[Kind, str]:
    """What a header means, by the kind of what stands below it; nothing if it is not known."""
    bare = folded(header)
    known = _meanings()
    return known.get(bare) or known.get(_OWNER.sub("", bare), {})


@cache
def _meanings() -> dict[str, dict[Kind, str]]:
    text = (files("pipelines") / "data" / "column_names.yml").read_text(encoding="utf-8")
    document: dict[str, dict[str, list[str]]] = yaml.load(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    found: dict[str, dict[Kind, str]] = defaultdict(dict)
    for kind, columns in document.items():
        for meaning, headers in columns.items():
            for header in headers:
                found[folded(header)][Kind(kind)] = meaning
    return dict(found)
