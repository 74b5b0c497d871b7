"""Which survivorship rules a project begins with, by dates that say when a record changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guiyi.kinds import Kind
from guiyi.messages import Language, Message

UPDATED = "updated"
"""The field of the date on which a record was changed last, whatever its column is called."""

_UPDATED = re.compile(
    r"(?i)^(?:last[_ ]?)?(?:updated?|modified|changed|modif(?:y|ication)|change)"
    r"(?:[_ ]?(?:at|on|date|time|timestamp|ts))?$"
    r"|^(?:date|time)[_ ](?:updated|modified)$|^geng_?xin_?(?:shi_?jian|ri_?qi)$"
    r"|^(?:最后|最近|上次)?(?:更新|修改|变更)(?:时间|日期|日)?$|^(?:最後|最近)?(?:更新|修改|變更)(?:時間|日期)?$"
)
_LAST = re.compile(r"(?i)^(?:last|latest|most[_ ]recent)|^(?:zui_?(?:hou|jin))|最后|最近|最新|最後")
_FIRST = re.compile(
    r"(?i)^(?:first|created?|creation|registered|opened|since|joined|entered)|_(?:created|since)$"
    r"|创建|建档|建立|录入|首次|开户|注册|成立|創建|建檔|首次|開戶|註冊"
    r"|^(?:chuang_?jian|jian_?dang|lu_?ru|shou_?ci|kai_?hu|zhu_?ce|cheng_?li)"
)
_CHANGING = (Kind.PHONE, Kind.EMAIL, Kind.ADDRESS)
"""Kinds that change in a customer's life, so that the newest is the likeliest."""


def says_updated(column: str) -> bool:
    """Whether a column is called what tells when its row was changed: 更新时间, last_updated."""
    return _UPDATED.search(column.strip()) is not None


@dataclass(frozen=True)
class ProposedRule:
    """A rule for a field, and why."""

    rule: str
    reason: Message


def proposed_rules(kinds: Mapping[str, Kind]) -> dict[str, ProposedRule]:
    """The rules for the fields of an entity: for dates that have an order of their own, and for
    what changes, where a date says which record is newer.
    """
    found = {}
    for name, kind in kinds.items():
        if kind is Kind.DATE and (name == UPDATED or _LAST.search(name)):
            found[name] = ProposedRule("highest", Message("of several days the last counts"))
        elif kind is Kind.DATE and _FIRST.search(name):
            found[name] = ProposedRule("lowest", Message("of several days the first counts"))
        elif kind in _CHANGING and UPDATED in kinds:
            found[name] = ProposedRule(
                "most_recent", Message("it changes; the newest is likeliest")
            )
    return found


def with_reasons(
    text: str, rules: Mapping[str, Mapping[str, ProposedRule]], language: Language
) -> str:
    """Put the reason behind each rule in the text of a guiyi.yaml, as a comment."""
    lines, place = [], ["", "", ""]
    for line in text.splitlines():
        depth, key = (len(line) - len(line.lstrip())) // 2, line.strip().partition(":")[0]
        if depth < len(place):
            place[depth:] = [key.strip("'\""), *[""] * (len(place) - depth - 1)]
        reason = None
        if place[0] == "entities" and place[2] == UPDATED and depth == 2:
            reason = Message("says which record is the most recent")
        if place[0] == "entities" and place[2] == "survivorship" and depth == 3:
            rule = rules.get(place[1], {}).get(key.strip("'\""))
            reason = None if rule is None else rule.reason
        lines.append(line if reason is None else f"{line}  # {reason.text(language)}")
    return "\n".join(lines) + "\n"
