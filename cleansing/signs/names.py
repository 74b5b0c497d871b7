"""Signs of what is made of words: organisations, persons, free text."""

import re

from cleansing.column_sample import Sample
from cleansing.kind_type import Sign
from cleansing.person_name.reference import words
from cleansing.signs.evidence import header_says, pattern_of, percent, phrases_of, words_of
from cleansing.text import simplify_text
from guiyi.kinds import Kind
from guiyi.messages import Message

_BARE_NAME = r"(?:client |customer |account |entity |trading )?names?|名称|名稱"
"""A header that names the record's owner without saying whether it is a person or a firm."""

_OUTLET = r"(?:home |nearest |preferred )?(?:store|shop|branch|outlet)|所属门店|门店|店铺|网点|分店"
"""A header of the shop that serves the record's owner, if many records have the same."""


def company_name(sample: Sample) -> Sign:
    """Organisations end in a legal form or name what they are: 公司, Ltd, Church, Center."""
    endings = pattern_of("organisation_endings")
    chinese = sample.share_with(rf"(?:{endings})(?:[（(].*)?$")
    forms, kinds = words_of("forms"), words_of("organisations")
    legal = sample.share_of(bool(t) and t[-1].strip("'") in forms for t in sample.tokens)
    nouns = sample.share_of(
        any(word in kinds for word in t) and not (len(t) == 1 and re.search(r"\d", value))
        for t, value in zip(sample.tokens, sample.values, strict=True)  # Store 12 is a number
    )
    share = max(chinese, min(1.0, 1.3 * legal + nouns))
    numbered = sample.share(r"\d+\s+\S.*|.*\b\d{5}(?:-\d{4})?|.*[路街道巷弄号號].*\d.*")
    score = share * 0.95 if share >= 0.25 else share * 0.5
    if 0.25 <= share < 0.8:
        score = 0.5 + 0.45 * share
    words = sample.share(r"\D*[^\W\d_]{2}.{0,60}")
    if re.fullmatch(_OUTLET, sample.header) and sample.present >= 3 * sample.distinct:
        score = min(score, 0.5)
    elif header_says(Kind.COMPANY_NAME, sample) and words >= 0.8:
        score = max(score, 0.6)
    elif re.fullmatch(_BARE_NAME, sample.header) and words >= 0.7 and known_names(sample) < 0.3:
        score = max(score, 0.5)
    return max(0.0, score - 0.6 * numbered), Message(
        "{percent} end in or hold a word for an organisation", percent=percent(share)
    )


def person_name(sample: Sample) -> Sign:
    """Persons have names of a few short words, many of which many people share."""
    chinese = _chinese_person_share(sample)
    if chinese >= 0.5:
        return 0.93 * chinese, Message(
            "{percent} are a Chinese surname and one or two characters", percent=percent(chinese)
        )
    shaped = sample.share(r"[^\W\d_][^\d@#&/:;]{0,40}")
    few = sample.share_of(1 <= len(t) <= 5 for t in sample.tokens)
    known = known_names(sample)
    form = min(shaped, few)
    what = Message(
        "{percent} of the words are common given names or surnames", percent=percent(known)
    )
    if form < 0.7:
        return 0.3 * known * form, what
    score = 0.42 + 0.6 * known if known >= 0.15 else 1.2 * known
    if header_says(Kind.PERSON_NAME, sample) and _may_be_names(sample, known, chinese):
        score = max(score, 0.62)
    return min(0.93, score) * form, what


def known_names(sample: Sample) -> float:
    """Give the share of words, row by row, that are common given names or surnames."""
    names = words_of("given") | words_of("surnames")
    parts = [[word for word in words if len(word) > 1] for words in sample.tokens]
    shares = [sum(word in names for word in words) / max(1, len(words)) for words in parts]
    rows = sum(count for count, words in zip(sample.counts, parts, strict=True) if words)
    return sum(s * count for s, count in zip(shares, sample.counts, strict=True)) / max(1, rows)


def _may_be_names(sample: Sample, known: float, chinese: float) -> bool:
    """Tell whether values under a header for persons could be names of any persons at all."""
    if sample.share_with(r"[\u4e00-\u9fff]") > 0.5:
        return chinese >= 0.3
    if sample.share_with(r"[a-z]") < 0.5:
        return True  # a script of which no lists are kept here
    places = phrases_of("places")
    foreign = sample.share_of_rows(value in places for value in sample.lower)
    varied = sample.distinct > 12 or sample.distinct >= max(3, 0.5 * sample.present)
    return known >= max(0.02, foreign) or (varied and foreign < 0.1)


def _various(sample: Sample) -> bool:
    """Tell whether values are as many as persons are; 高级经理, 项目经理 are the jobs of many."""
    return sample.distinct >= 0.25 * sample.present


_POLITE = ("经理", "先生", "女士", "小姐", "老师", "主任")
"""What people are called by, whatever the column."""


def _chinese_person_share(sample: Sample) -> float:
    surnames = pattern_of("chinese_surnames").replace(" ", "")
    compound = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|端木|东方|南宫|歐陽|諸葛"
    titles = words("titles")
    called = "|".join(sorted(titles) if _various(sample) else _POLITE)
    title = rf"(?:[ (（]?(?:{called})[)）]?)?"
    given = r" ?[\u4e00-\u9fff](?: ?[\u4e00-\u9fff])?"
    pattern = re.compile(rf"(?:{compound}|[{surnames}])(?:{given})?{title}|[{surnames}][总工總]")
    others = phrases_of("places") | titles  # 华东, 项目经理
    return sample.share_of(
        value not in others and pattern.fullmatch(simplify_text(value)) is not None
        for value in sample.values
    )


def text(sample: Sample) -> Sign:
    """Free text is long, or is what nothing else is."""
    words = sum(map(len, sample.tokens)) / max(1, len(sample.values))
    if sample.mean_length >= 60 or words >= 10:
        return 0.72, Message(
            "{length:.0f} characters in a value, on average", length=sample.mean_length
        )
    return 0.33, "no other kind fits better"
