"""Settings that Splink saved (versions 4 and 5), read as fields, kinds and blocking of ours.

    found = read_splink(json.loads(path.read_text()))
    found.fields, found.blocking, found.left_out

Nothing is dropped in silence: what has no counterpart stands in `left_out`, with the reason. The
trained m and u are of Splink's own levels on Splink's own comparisons; ours are others and hang on
each other, so they are fitted anew on the data and Splink's stand in `left_out` too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message, at_place

SETTLED = {
    "link_type", "comparisons", "blocking_rules_to_generate_predictions", "unique_id_column_name",
    "source_dataset_column_name", "sql_dialect", "linker_uid",
}  # fmt: skip
"""Settings that are read, or that name things only Splink has."""
BY_COMPARISON = {
    "DateOfBirthComparison": Kind.DATE,
    "AbsoluteDateDifferenceAtThresholds": Kind.DATE,
    "EmailComparison": Kind.EMAIL,
    "PostcodeComparison": Kind.POSTCODE,
    "NameComparison": Kind.PERSON_NAME,
    "ForenameSurnameComparison": Kind.PERSON_NAME,
}
"""What Splink's ready-made comparisons are for (its comparison library)."""
BY_COLUMN = (
    (r"mail|邮箱|邮件", Kind.EMAIL),
    (r"phone|mobile|\btel|电话|手机", Kind.PHONE),
    (r"birth|dob|date|生日|日期", Kind.DATE),
    (r"post_?code|zip|邮编", Kind.POSTCODE),
    (r"company|organi[sz]ation|employer|公司|企业|单位", Kind.COMPANY_NAME),
    (r"uscc|信用代码", Kind.USCC),
    (r"id_?card|身份证", Kind.ID_CARD),
    (r"name|姓名|联系人|^姓$|^名$", Kind.PERSON_NAME),
    (r"address|street|地址", Kind.ADDRESS),
    (r"city|town|state|province|region|country|城市|省", Kind.REGION),
    (r"url|website|网址", Kind.URL),
)
"""What a column's name says, where the comparison is of plain text."""
ALIKE = re.compile(
    r"jaro|levenshtein|damerau|jaccard|cosine|strptime|substr|regexp_extract|ELSE|IS NULL|^\s*"
    r"\"?\w+_l\"?\s*=\s*\"?\w+_r\"?\s*$",
    re.IGNORECASE,
)
"""Conditions that a comparison of the column's kind has levels for."""
SIDE = re.compile(r'"?(\w+?)_l"?(?!\w)')
EQUAL = re.compile(r'^\(*\s*l\."?(\w+)"?\s*=\s*r\."?(\w+)"?\s*\)*$', re.IGNORECASE)


@dataclass(frozen=True)
class SplinkSettings:
    """What of Splink's settings has a counterpart here, and what has none."""

    fields: Mapping[str, Kind]
    blocking: tuple[tuple[str, ...], ...]
    """Sets of fields that must agree; none if a rule could not be said so, and keys are chosen."""
    link_type: str
    only_keys: frozenset[str]
    """The fields that are blocked on and not compared."""
    key: str | None
    """The column that names a record."""
    left_out: tuple[str, ...]
    """Sentences: what was left out, and why."""

    def entity(self) -> dict[str, Any]:
        """The entity as `guiyi dedupe --spec` reads it."""
        fields: dict[str, Any] = {
            name: {"kind": str(kind), "match": False} if name in self.only_keys else str(kind)
            for name, kind in self.fields.items()
        }
        if self.key is not None and self.key not in fields:
            fields = {self.key: str(Kind.KEY)} | fields
        match: dict[str, Any] = {}
        if self.blocking:
            match["blocking"] = [list(own) for own in self.blocking]
        return {"fields": fields} | ({"match": match} if match else {})


def read_splink(settings: Mapping[str, Any]) -> SplinkSettings:
    """Read settings as Splink saves them. Raises SpecError if they are none."""
    comparisons = settings.get("comparisons") if isinstance(settings, Mapping) else None
    if not isinstance(comparisons, Sequence) or not comparisons or "link_type" not in settings:
        raise SpecError(
            "not a settings file of Splink",
            hint="save them with linker.misc.save_model_to_json(path)",
        )
    left_out: list[str] = []
    fields: dict[str, Kind] = {}
    for comparison in comparisons:
        fields |= _fields(comparison, left_out)
    rules = settings.get("blocking_rules_to_generate_predictions") or []
    blocking = _blocking(rules, left_out)
    only_keys = {column: None for own in blocking for column in own if column not in fields}
    fields |= {column: _kind(column, "", []) for column in only_keys}
    for name, value in settings.items():
        if name not in SETTLED and value not in (None, [], False):
            why = OTHER.get(name, Message("has no counterpart"))
            left_out.append(at_place(f"{name} = {value}", why))
    key = settings.get("unique_id_column_name")
    return SplinkSettings(
        fields, blocking, str(settings["link_type"]), frozenset(only_keys),
        key if isinstance(key, str) else None, tuple(left_out),
    )  # fmt: skip


OTHER = {
    "probability_two_random_records_match": Message(
        "the share of matches is estimated from the data"
    ),
    "retain_matching_columns": Message("records are shown by their row"),
    "em_convergence": Message("EM ends by a rule of its own"),
    "max_iterations": Message("EM ends by a rule of its own"),
}


def _fields(comparison: Mapping[str, Any], left_out: list[str]) -> dict[str, Kind]:
    """The columns of one comparison with their kinds; notes down the levels that have none here."""
    name = str(comparison.get("output_column_name", "?"))
    about = str(comparison.get("comparison_description", ""))
    levels = comparison.get("comparison_levels") or []
    columns: dict[str, None] = {}
    for level in levels:
        sql = str(level.get("sql_condition", ""))
        columns |= dict.fromkeys(SIDE.findall(sql))
        if not ALIKE.search(sql) and not level.get("is_null_level"):
            label = level.get("label_for_charts", sql)
            left_out.append(
                Message(
                    "{name}: the level `{level}` ({sql}) has no counterpart",
                    name=name,
                    level=label,
                    sql=sql,
                )
            )
    trained = [
        f"{level.get('label_for_charts', '?')} m {level['m_probability']:.3g} "
        f"u {level['u_probability']:.3g}"
        for level in levels
        if isinstance(level.get("m_probability"), float)
        and isinstance(level.get("u_probability"), float)
    ]
    if trained:
        left_out.append(
            Message(
                "{name}: trained {trained}: fitted anew on the levels of its kind",
                name=name,
                trained="; ".join(trained),
            )
        )
    return {column: _kind(column, about, levels) for column in columns}


def _kind(column: str, about: str, levels: Sequence[Mapping[str, Any]]) -> Kind:
    for word, kind in BY_COMPARISON.items():
        if word.lower() in about.lower().replace(" ", ""):
            return kind
    if any("strptime" in str(level.get("sql_condition", "")) for level in levels):
        return Kind.DATE
    for pattern, kind in BY_COLUMN:
        if re.search(pattern, column, re.IGNORECASE):
            return kind
    return Kind.TEXT


def _blocking(rules: Sequence[Any], left_out: list[str]) -> tuple[tuple[str, ...], ...]:
    """The rules as sets of fields; none of them if one could not be said so."""
    sets, lost = [], []
    for rule in rules:
        sql = str(rule.get("blocking_rule", rule)) if isinstance(rule, Mapping) else str(rule)
        parts = [EQUAL.match(part.strip()) for part in re.split(r"\band\b", sql, flags=re.I)]
        columns = [found[1] for found in parts if found is not None and found[1] == found[2]]
        if len(columns) == len(parts):
            sets.append(tuple(columns))
        else:
            lost.append(sql)
    left_out.extend(
        Message(
            "blocking rule `{sql}`: a rule can only ask for equal columns, so keys are chosen "
            "from the data",
            sql=sql,
        )
        for sql in lost
    )
    return () if lost else tuple(sets)
