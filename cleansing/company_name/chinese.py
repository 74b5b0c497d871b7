"""A Chinese company name is region, brand, trade and legal form, in that order.

企业名称登记管理规定 (2020) art. 6: 行政区划 + 字号 + 行业或者经营特点 + 组织形式; the region may
also stand in brackets after the brand, and a branch's name follows its parent's whole name (13).
Works on simplified, folded text with ASCII brackets; every step adds columns to the frame.
"""

import re
from functools import partial

import polars as pl

from cleansing import longest
from cleansing.company_name import reference as ref
from cleansing.place_chain import readings
from cleansing.text import fill, fill_groups, in_place, only_where
from guiyi.even_chunks import even_chunks

_BRACKETS = r"[()\[\]【】{}<>《》〈〉「」“”\"]"


_PARTS = ("key", "region", "brand", "trade", "form", "branch")


_OF_GROUPS = "证券|期货|基金|信托|保险|人寿|财险|理财|资产|金融|国际|控股|集团"
"""What follows a group's short name in the name of another of its firms: 光大证券, 兴业信托."""
_SHOPS = "[饭酒书药商旅粮花茶面网客]店|百货店|便利店|专卖店|杂货店|理发店|修理店"
"""What ends in 店 and is a trade, not the shop of a chain."""
_STOPS = "。.;；,，、:：!！?？… "
"""Stops behind a name are a sentence's, not the name's."""
_SPOT = re.compile("(?:路|街|道|巷|门|桥|广场|商场|商城|中心|村|镇|站|机场|新城)店$")
"""What a shop of a chain is called by, where it is no division."""
_NONE = pl.lit(None, pl.String)
_HEAD_OFFICES = ("总部", "总行", "本部", "总公司", "总店")


def parse(names: pl.Series) -> pl.DataFrame:
    """Take names apart: region, brand, trade, form, branch and the comparison key."""
    if names.null_count() == names.len():
        return even_chunks(pl.DataFrame(dict.fromkeys(_PARTS, names)))
    frame = pl.DataFrame({"whole": _whole(names)})
    steps = (
        _split_branch,
        _split_known_firm,
        _take_form,
        _take_brackets,
        _take_region,
        _take_trade,
        _choose_brand,
        _make_key,
    )
    for step in steps:
        frame = step(frame)
    return frame.select(_PARTS)


def _whole(names: pl.Series) -> pl.Series:
    """Names without what no registered name has: stops, English beside, brackets of a branch."""
    forms, branches = ref.regex(ref.chinese_forms()), ref.branch_words()
    english_too = rf"((?:{forms}))[\s/,(]+[A-Za-z][A-Za-z0-9 .,&()'\-]*$"
    partnership = rf"\((?:特殊的?普通|普通|有限)合伙\)(.+(?:{branches}))$"
    placed_branch = rf"((?:公司|银行|事务所|证券|保险))\(([^()]{{2,8}})\)((?:{branches}))$"
    return (
        names.str.strip_chars_end(_STOPS)
        .str.replace(english_too, "${1}")
        .str.replace(r"[(\-](?:本部|总部|总公司|总店)\)?$", "")
        .str.replace(r"^中国\((\p{Han}{2,4})\)(自由贸易试验区|自贸试验区|自贸区)", "${1}${2}")
        .str.replace("^个体工商户[:：]?", "")
        .str.replace(partnership, "${1}")
        .str.replace(placed_branch, "${1}${2}${3}")
    )


def _split_branch(frame: pl.DataFrame) -> pl.DataFrame:
    """A branch follows its parent's legal form, a bank's name, or begins with another region."""
    strong = [form for form in ref.chinese_forms() if form.endswith("公司") and len(form) > 3]
    tail = rf"(?:{ref.branch_words()})(?:\(.*\))?$"
    bank = "银行|信用社|信用联社|农商行|证券|保险|人寿|财险|寿险|期货|移动|联通|电信"
    branch_like = frame["whole"].str.contains(tail)
    places = ref.places(frame["whole"].filter(branch_like))
    frame = frame.with_columns(_NONE.alias("head"), _NONE.alias("branch"), alike=branch_like)
    for place, pattern in enumerate(
        (
            rf"^(.+(?:{ref.regex(strong)})(?:\([^()]{{2,8}}\))?)([^()].+)$",
            rf"^(.{{2,}}?公司)([^()].*?{tail})",
            rf"^(.*?(?:{bank})(?:\((?:{ref.OUTSIDE})\))?)(.*?{tail})",
            rf"^(.{{2,}}?(?:{ref.trade_words()[0]}))((?:{places}).{{0,12}}?{tail})",
            rf"^(.{{4,}}?)((?:{places})[分支]公司)$",
            rf"^(.{{3,}}?)(第[一二三四五六七八九十\d]+(?:{ref.branch_words()})|[分支]公司)$",
        )
    ):
        open_still = pl.col("head").is_null() & (pl.col("alike") | (place == 0))
        frame = fill_groups(frame, open_still, "whole", pattern, ("head", "branch"))
    of_chain = rf"^(.{{2,}}?(?:{ref.trade_words()[0]}))(\p{{Han}}{{2,8}}店)$"
    shop = _says_where(frame["whole"].str.extract(of_chain, 2))
    open_still = pl.col("head").is_null() & pl.lit(shop)
    frame = fill_groups(frame, open_still, "whole", of_chain, ("head", "branch"))
    return frame.with_columns(
        head=pl.coalesce("head", "whole"),
        branch=pl.col("branch").replace(dict.fromkeys(_HEAD_OFFICES)).replace("", None),
    )


def _says_where(tails: pl.Series) -> pl.Series:
    """Which tails of names are shops of a chain: 青羊嘉创店, 春熙路店; 饰材料店 names a trade."""
    endings = tails.drop_nulls().unique()
    endings = endings.filter(~endings.str.contains(rf"(?:{_SHOPS})$"))
    placed = [tail for tail in endings if readings(tail)[-1].names or _SPOT.search(tail)]
    return tails.is_in(placed).fill_null(value=False)


def _split_known_firm(frame: pl.DataFrame) -> pl.DataFrame:
    """中行厦门湖里支行 is a branch of 中国银行, though it says so in one word; so is 厦门中行.

    The longer name goes before the shorter one: 浦发银行 is whole, and no 银行 of 浦发.
    """
    sure, short = ref.firms()
    banks = [name for name in sure if name.endswith("银行")]
    ending = rf"(?:{ref.branch_words()}|行|部)"
    head = pl.col("head")
    known = frame["whole"].str.contains(ref.regex([*short, *banks]))
    place = rf"((?:{ref.places(frame['whole'].filter(known))})+)"
    abbreviated = rf"^{place}?({ref.regex(short)})((?:.*{ending}(?:\(.*\))?)?)$"
    names = ("place", "word", "tail", "local_place", "local")
    frame = frame.with_columns(*(_NONE.alias(name) for name in names), known=known)
    other_firm = pl.col("whole").str.contains(rf"(?:{ref.regex(short)})(?:{_OF_GROUPS})")
    frame = fill_groups(frame, pl.col("known") & ~other_firm, "whole", abbreviated, names[:3])
    local = rf"^{place}({ref.regex(banks)})$"
    frame = fill_groups(frame, pl.col("known"), "head", local, names[3:])
    is_body = head.str.contains(rf"(?:{ref.regex(ref.organisations())})(?:\([^()]*\))?$")
    frame = frame.with_columns(plain=head.str.extract(rf"^({ref.regex(sure)})"))
    frame = frame.with_columns(plain=pl.when(~is_body).then("plain"))
    plain, word = pl.col("plain"), pl.col("word")
    longer = (plain.str.len_chars() > word.str.len_chars()).fill_null(value=False)
    frame = frame.with_columns(
        local=pl.when(plain.is_null()).then("local"),
        place=pl.when(plain.is_null()).then(pl.coalesce("place", "local_place")),
        word=pl.when(~longer).then("word"),
        tail=pl.when(~longer).then("tail"),
    ).with_columns(alias=pl.coalesce("word", "plain", "local"))
    branch = pl.concat_str(
        pl.col("place").fill_null(""),
        pl.coalesce(pl.col("tail").replace("", None), "branch").fill_null(""),
    )
    return frame.with_columns(
        firm=pl.col("alias").replace_strict(sure | short, default=None),
        head=pl.coalesce("word", "local", "head"),
        branch=branch.replace("", None),
    )


def _take_form(frame: pl.DataFrame) -> pl.DataFrame:
    """The legal form ends the head; Japanese and Korean ones may also begin it."""
    ids, asian, bodies = ref.chinese_forms(), ref.east_asian_forms(), ref.organisations()
    at_end, either = rf"({ref.regex(ids)})$", ref.regex(asian)
    head, form = pl.col("head"), pl.col("form")
    frame = frame.with_columns(form=_NONE, ended=head.str.extract(at_end))
    frame = fill(
        frame,
        head.str.contains(either),
        form=pl.coalesce(
            head.str.extract(rf"(?:^|\s?)({either})$").replace_strict(asian, default=None),
            head.str.extract(rf"^({either})").replace_strict(asian, default=None),
        ),
    ).with_columns(form=pl.coalesce(form, pl.col("ended").replace_strict(ids, default=None)))
    body = head.str.extract(rf"({ref.regex(bodies)})(?:\([^()]*\))?$")
    frame = fill(frame, form.is_null(), form=body.replace_strict(bodies, default=None))
    kept = head.str.len_chars() - pl.col("ended").str.len_chars().fill_null(0)
    cut = frame.select(head.str.head(kept)).to_series()
    bare = only_where(cut, either, partial(_without_either, either=either))
    named = bare.str.contains(r"[\w]")
    return frame.with_columns(head=pl.when(named).then(bare).otherwise("head"))


def _without_either(head: pl.Expr, either: str) -> pl.Expr:
    return head.str.replace(rf"^(?:{either})\s*", "").str.replace(rf"\s*(?:{either})$", "")


def _take_brackets(frame: pl.DataFrame) -> pl.DataFrame:
    """A place in brackets is the region; other words in brackets are part of the name."""
    head = pl.col("head")
    frame = frame.with_columns(bracketed=_NONE, flat="head")
    some = frame["head"].str.contains(_BRACKETS).fill_null(value=False)
    if not some.any():
        return frame
    inside = frame.filter(some)
    within = inside.select(head.str.extract_all(r"\([^()]+\)").list.join("")).to_series()
    bracketed = rf"\(((?:{ref.OUTSIDE}|{ref.places(within)})+)\)"
    inside = inside.with_columns(
        bracketed=head.str.extract(bracketed),
        flat=head.str.replace_all(_BRACKETS, ""),
        head=head.str.replace(bracketed, "").str.replace_all(_BRACKETS, ""),
    )
    return in_place(some, inside, frame.filter(~some))


def _take_region(frame: pl.DataFrame) -> pl.DataFrame:
    """Places before the brand, with and without a county's short name (昆山), which may be one."""
    frame = frame.with_columns(rest=pl.col("head"))
    for leading in ref.leading_region(frame.height):
        place = leading(pl.col("rest"))
        place = pl.when(~ref.is_city_elsewhere(_lead(), place)).then(place)
        frame = frame.with_columns(
            rest=pl.col("rest").str.slice(place.str.len_chars().fill_null(0))
        )
    frame = frame.with_columns(lead=_lead())
    named = longest.at_start(pl.col("rest"), ref.county_cities(), frame.height)
    ward = longest.at_start(pl.col("rest"), ref.district_stems(), frame.height)
    frame = frame.with_columns(
        known=named.is_not_null(),
        ward=ward,
        city=longest.at_end(pl.col("lead"), ref.cities(), frame.height).str.replace("市$", ""),
        county=pl.coalesce(named, ward),
    )
    behind = pl.col("rest").str.slice(pl.col("county").str.len_chars())
    frame = frame.with_columns(county=pl.col("county") + behind.str.extract(ref.TOWN_AND_ZONE))
    county = pl.col("county")
    inside = pl.any_horizontal(
        pl.concat_str("city", "ward").is_in(list(ref.city_and_district())).fill_null(value=False),
        pl.col("known") & ~county.str.contains("[路街]$"),
    )
    return frame.with_columns(county=pl.when(inside).then(county).fill_null("")).with_columns(
        after_county=pl.col("rest").str.slice(pl.col("county").str.len_chars())
    )


def _lead() -> pl.Expr:
    """What was taken off the head."""
    head = pl.col("head")
    return head.str.slice(0, head.str.len_chars() - pl.col("rest").str.len_chars())


def _take_trade(frame: pl.DataFrame) -> pl.DataFrame:
    """The trade is all the trade words the name ends with; what is left before it is the brand."""
    frame = _take_last_place(frame)
    frame = frame.with_columns(rest_brand=_brand_of(frame["rest"]))
    moved = frame.select(pl.when(pl.col("county") != "").then("after_county")).to_series()
    frame = frame.with_columns(after_county_brand=_brand_of(moved)).with_columns(
        after_county_brand=pl.when(pl.col("county") != "")
        .then("after_county_brand")
        .otherwise("rest_brand")
    )
    return _take_middle_place(frame)


def _brand_of(names: pl.Series) -> pl.Series:
    """What stands before the trade words at the end, and before those that end any brand."""
    if names.null_count() == names.len():
        return names
    if names.len() <= longest.FEW:
        return pl.Series(names.name, [_brand_of_one(name) for name in names.to_list()], pl.String)
    name = pl.col("name")
    trade = name.str.extract(ref.trade_at_end()).str.len_chars().fill_null(0)
    frame = pl.DataFrame({"name": names}).select(
        name=name.str.slice(0, name.str.len_chars() - trade)
    )
    first = name.str.extract(rf"^(.{{2,}}?)(?:{ref.cutting_words()})")
    return frame.select(pl.coalesce(first, "name")).to_series()


def _brand_of_one(name: str | None) -> str | None:
    """The same for one name: polars builds its patterns anew for each plan, Python keeps them."""
    if name is None:
        return None
    trade = re.search(ref.trade_at_end(), name)
    rest = name[: trade.start()] if trade else name
    first = re.search(rf"^(.{{2,}}?)(?:{ref.cutting_words()})", rest)
    return first[1] if first else rest


def _take_last_place(frame: pl.DataFrame) -> pl.DataFrame:
    """新月能源石家庄公司: where no place stands first, one may stand last, after the trade."""
    rest = pl.col("rest")
    place = longest.at_end(rest, ref.cities(), frame.height)
    before = rest.str.slice(0, rest.str.len_chars() - place.str.len_chars())
    moved = (
        place.is_not_null()
        & (pl.col("lead") == "")
        & before.str.contains(rf".(?:{ref.trade_words()[0]})$")
    )
    frame = frame.with_columns(last=pl.when(moved).then(place), before=pl.when(moved).then(before))
    return frame.with_columns(
        rest=pl.coalesce("before", "rest"), after_county=pl.coalesce("before", "after_county")
    )


def _take_middle_place(frame: pl.DataFrame) -> pl.DataFrame:
    """中节能秦皇岛环保, 3M中国: a place may also stand between brand and trade."""
    brand = pl.col("rest_brand")
    behind_latin = brand.str.extract(r"^[A-Za-z0-9&+.\- ]{2,}([^A-Za-z0-9&+.\- ].*)$")
    places = pl.Series(["中国", *ref.provinces(), *ref.cities()]).implode()
    place = pl.coalesce(
        longest.at_end(brand, ref.cities(), frame.height, before=2),
        pl.when(behind_latin.is_in(pl.lit(places))).then(behind_latin),
    )
    place = pl.when(pl.col("lead") == "").then(place)
    before = brand.str.slice(0, brand.str.len_chars() - place.str.len_chars()).str.strip_chars()
    before = pl.when(place.is_not_null()).then(before)
    return frame.with_columns(before_place=before, last=pl.coalesce("last", place))


def _choose_brand(frame: pl.DataFrame) -> pl.DataFrame:
    """A brand has two characters or more (名称规定 art. 8), and may be missing altogether."""
    brand, rest = pl.col("rest_brand"), pl.col("rest")
    trade = rest.str.slice(brand.str.len_chars())
    long = rf"(?:{ref.trade_words()[0]})"
    weak_first = rest.str.extract(rf"^({ref.weak_words()})")
    one_and_word = rest.str.extract(rf"^(.{long})")
    vague = trade.str.contains(r"^(?:集团|控股|股份|实业|发展|企业|$)")
    local = pl.col("after_county_brand")
    local = (
        pl.when(local != "")
        .then(local)
        .otherwise(pl.col("after_county").str.extract(rf"^({ref.weak_words()})"))
    )
    with_county = ((pl.col("county") != "") & (local.str.len_chars() >= 2)).fill_null(value=False)
    bare_lead = (pl.col("lead") != "") & ~pl.col("lead").str.contains(
        r"(?:[省市区县镇]|自治州|街道)$"
    )
    body = pl.col("form").is_in(["cn-institution", "cn-government", "cn-association"])
    bank = pl.col("head").str.contains("银行$")
    national = pl.col("lead").str.starts_with("中国")
    one = brand.str.len_chars() == 1
    choice = (
        pl.when(pl.col("firm").is_not_null())
        .then("firm")
        .when(body)
        .then("head")
        .when(pl.col("before_place").is_not_null())
        .then("before_place")
        .when(with_county)
        .then(local)
        .when(brand.str.len_chars() >= 2)
        .then(brand)
        .when(one & bare_lead & vague)
        .then(pl.col("lead") + brand)
        .when(one)
        .then(pl.coalesce(one_and_word, rest))
        .when(bank)
        .then("head")
        .when(national)
        .then(pl.col("lead") + rest.str.extract(rf"^({long})").fill_null(""))
        .otherwise(weak_first)
    )
    frame = frame.with_columns(brand=choice.replace("", None), county_used=with_county & ~body)
    used = pl.when("county_used").then(pl.col("lead") + pl.col("county")).otherwise("lead")
    used = pl.when(pl.col("alias").is_null()).then(used)
    vague_bracket = pl.col("bracketed").is_in(["中国", "集团"])
    return frame.with_columns(
        region=pl.coalesce(
            pl.when(~vague_bracket).then("bracketed"), "last", used.replace("", None), "bracketed"
        ),
        trade=_after_brand().replace("", None),
    )


def _after_brand() -> pl.Expr:
    """What stands after the brand, or after the known firm's name, is the trade."""
    rest = pl.when("county_used").then("after_county").otherwise("rest")
    brand = pl.col("brand").fill_null("")
    return (
        pl.when(pl.col("alias").is_not_null())
        .then(pl.col("head").str.slice(pl.col("alias").str.len_chars()))
        .when(pl.col("before_place").is_not_null())
        .then(pl.col("rest").str.slice(pl.col("rest_brand").str.len_chars()))
        .when(rest.str.starts_with(brand))
        .then(rest.str.slice(brand.str.len_chars()))
        .when(pl.col("head").str.starts_with(brand))
        .then(pl.col("head").str.slice(brand.str.len_chars()))
        .otherwise("rest")
    )


def _make_key(frame: pl.DataFrame) -> pl.DataFrame:
    """The whole name but its legal form: a known firm by its brand, a region without its rank."""
    lead = pl.col("lead").str.replace_all(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)", "")
    tail = pl.col("flat").str.slice(pl.col("lead").str.len_chars())
    plain = pl.when(pl.col("lead").str.len_chars() > 0).then(lead + tail).otherwise("flat")
    known = pl.col("firm") + pl.col("flat").str.slice(pl.col("alias").str.len_chars())
    key = (
        pl.concat_str(pl.coalesce(known, plain), pl.col("branch").fill_null(""))
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}&+]+", "")
    )
    return frame.with_columns(key=key)
