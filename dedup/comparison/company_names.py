"""How two company names are compared: by brand first, then region, trade and branch.

The brand (字号) distinguishes firms. One character of it changed is another firm, even where
it sounds the same, unless a telephone or an address is the same too; the same brand in another
trade or another city often is one, too; a branch is never its parent. A name with its legal form is
written in full, so it is nobody's short name, and a trade it does not tell it does not have.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from dedup.comparison.base import Comparison, Group, Unequal
from dedup.comparison.levels import Levels
from dedup.forms.columns import Laid, TextColumn, code_points
from dedup.forms.distinct import each
from dedup.forms.han import HAN, RARE_HAN
from dedup.forms.person_names import sounds
from dedup.forms.tokens import Token, first_of_part, rarest
from dedup.forms.words import Words
from dedup.knowledge.company_words import with_words_written_out
from dedup.value_pairs.branch import canonical_branch

if TYPE_CHECKING:
    from dedup.kernels import CompanyNames

_IN_FULL = re.compile(f"[{HAN}]{{5,}}")
"""A Chinese name with its region and legal form is registered: no two firms of a place may have it
(企业名称登记管理规定, 2020, art. 6 and 17)."""
MOSTLY = 0.5
_PROVINCE = re.compile(rf"^[{HAN}]{{2,5}}?(?:省|自治区)([{HAN}]{{2,}})")
"""A province written before its city."""
_MARKS = re.compile(rf"(?![{RARE_HAN}])[\W_]")
_REGION_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|省|市)$")
SOUNDS_THE_SAME = 10
"""The level of brands written otherwise that are read alike."""
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class CompanyComparison(Comparison):
    """Company names, taken apart."""

    labels: tuple[str, ...] = (
        "missing", "different", "few words shared", "alike", "brand one character apart",
        "branch against parent or another branch", "same brand, region or trade told in part",
        "same brand, other region", "same brand, other trade", "short name and full name",
        "brand written otherwise, sounds the same", "same brand, region and trade, or an alias",
        "one edit",
        "equal, common value", "equal", "equal, rare or registered name",
    )  # fmt: skip
    prior: tuple[float, ...] = (
        0, 0.03, 0.03, 0.07, 0.01, 0.002, 0.04, 0.01, 0.003, 0.06, 0.02, 0.08, 0.06, 0.575,
    )  # fmt: skip
    namesakes: tuple[float, ...] = (
        0, 0.02, 0.03, 0.05, 0.07, 0.07, 0.03, 0.07, 0.07, 0.03, 0.06, 0.01, 0.02, 0.47,
    )  # fmt: skip
    near: tuple[int, ...] = (6, 9, 10, 11, 12, 13, 14, 15)
    conflicts: tuple[int, ...] = (1, 4, 5, 7, 8)
    loose: tuple[int, ...] = (2,)
    apart: tuple[int, ...] = (5, 7, 8)
    """Levels of names that are two firms' as they stand: another branch, region or trade. Of
    registered names all that conflict: those of another brand, too, whoever answers for them."""
    registered: bool = False
    """Whether most names are Chinese, as they are registered."""
    same: int = 11
    """From this level on two names are one firm's as they stand."""
    parts: "Parts | None" = None

    def levels(self, pairs: Unequal) -> Levels:
        """Compare names part by part."""
        from dedup import kernels

        out = np.empty(len(pairs.left), np.uint8)
        kernels.company_levels(pairs.left, pairs.right, self.known.names, out)
        return out

    @property
    def effort(self) -> float:
        """As much as an address: words, brands and whole names are looked at in turn."""
        return 12.0

    @property
    def known(self) -> "Parts":
        """The parts of every distinct name."""
        assert self.parts is not None
        return self.parts

    def taken(self, rows: npt.NDArray[np.int64]) -> Self:
        """The same comparison over some of the rows."""
        return replace(self, column=self.column.taken(rows))

    def called(self, registered: bool, apart: tuple[int, ...]) -> Self:
        """The comparison where firms are called by registered names or by any, and its classes."""
        made = replace(self, registered=registered, apart=apart)
        if self.parts is None:  # an index lays out its classes itself
            return made
        column = TextColumn(self.column.codes, self.column.values)
        full = in_full(column.values)
        stands = standings(full, *self.parts.whole, registered=registered)
        return replace(
            made, column=TextColumn(column.codes, column.values, classed(stands, column.bins))
        )

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The name, its brand, how the brand sounds, and its rarest words."""
        p = self.known
        made = [
            Token("", self.column.codes, 0.6),
            self._form("brand", p.brand, 0.7),
            self._form("brand sound", p.kin[:, 0], 0.75),
            self._token("first 2 of brand", first_of_part(p.brands, p.brand, 2), 0.8),
        ]
        words = [
            self._token(f"rare word {n + 1}", rarest(p.words, n), 0.7 - 0.1 * n) for n in range(3)
        ]
        return [*made, *words]


def _of(by_brand: Ints, brand: Ints) -> Ints:
    return np.where(brand < 0, np.int32(-1), by_brand[brand]).astype(np.int32)


@dataclass(frozen=True)
class Parts:
    """What distinct names are made of, as codes; −1 where a part is missing."""

    brand: Ints
    region: Ints
    trade: Ints
    branch: Ints
    form: Ints
    kin: npt.NDArray[np.int32]
    """Groups of related names: the brand's sound, and the alias table's firm."""
    keys: Laid
    brands: Laid
    trades: Laid
    brand_values: pl.Series
    words: Words
    dictionaries: Mapping[str, pl.Series]
    """The texts that the codes of region, trade, branch and sound stand for."""

    @cached_property
    def names(self) -> "CompanyNames":
        """The parts as the kernels take them."""
        from dedup import kernels

        return kernels.CompanyNames(
            self.brand, self.region, self.trade, self.branch, self.form, self.kin,
            kernels.Texts(*self.keys), kernels.Texts(*self.brands), kernels.Texts(*self.trades),
            self.words.sets,
        )  # fmt: skip

    @property
    def whole(self) -> tuple[Ints, Ints]:
        """What a registered name has beside its brand: legal form and region."""
        return self.form, self.region


def company_comparison(
    field: str, group: Group, records: CodedField, aliases: Mapping[str, int]
) -> CompanyComparison:
    """Prepare the comparison of one company field from its clean parts."""
    have = {
        name: f"{field}.{name}" for name in ("key", "region", "brand", "trade", "branch", "form")
    }
    cells = records.cells
    frame = cells.select(
        **{
            name: (pl.col(column) if column in cells.columns else pl.lit(None, pl.String))
            for name, column in have.items()
        },
        value=pl.col(field).cast(pl.String),
    )
    keyless = frame["value"].set(frame["key"].is_not_null(), None).str.to_lowercase()
    frame = frame.with_columns(key=pl.coalesce("key", each(keyless, squeezed)))
    frame = frame.with_columns(
        key=pl.when(pl.col("key") != "").then("key"),
        brand=pl.coalesce("brand", "value").str.to_lowercase(),
    )
    frame = frame.with_columns(region=each(frame["region"], bare_region))
    frame = with_words_written_out(frame)
    column = TextColumn.of(Coded(frame["key"], records.codes))
    distinct = pl.DataFrame({"key": column.values}).join(
        frame.drop_nulls("key").sort("key", "value").unique("key", keep="first"),
        on="key",
        how="left",
        maintain_order="left",
    )
    brand = TextColumn.of(each(distinct["brand"], squeezed))
    sound = TextColumn.of(sounds(brand.values))
    alias = np.array([aliases.get(key, -1) for key in column.values], np.int32)
    offset = np.int32(len(sound.values))
    kin = np.stack([_of(sound.codes, brand.codes), np.where(alias < 0, -1, alias + offset)], axis=1)
    spoken = TextColumn(column.codes, distinct["brand"].fill_null(distinct["key"]))
    region, trade, form = (TextColumn.of(distinct[name]) for name in ("region", "trade", "form"))
    branch = TextColumn.of(each(distinct["branch"], canonical_branch))
    parts = Parts(
        brand.codes,
        region.codes,
        trade.codes,
        branch.codes,
        form.codes,
        kin.astype(np.int32),
        code_points(column.values),
        code_points(brand.values),
        code_points(trade.values),
        brand.values,
        Words.of(spoken),
        {
            "region": region.values,
            "trade": trade.values,
            "branch": branch.values,
            "form": form.values,
            "sound": sound.values,
        },
    )
    chinese = column.counts[in_full(column.values)].sum()
    registered = bool(chinese >= MOSTLY * max(1, column.counts.sum()))
    made = CompanyComparison(field, group, column, parts=parts)
    return made.called(registered, made.conflicts if registered else made.apart)


def in_full(names: pl.Series) -> npt.NDArray[np.bool_]:
    """Which names are Chinese ones, long enough to be more than a brand."""
    return np.array([is_in_full(name) for name in names], np.bool_)


def is_in_full(name: str) -> bool:
    """Whether a name is Chinese and long enough to be more than a brand."""
    return _IN_FULL.match(name) is not None


def squeezed(name: str) -> str | None:
    """The letters and digits of a name; None if there are none."""
    return _MARKS.sub("", name) or None


def standings(
    full: npt.NDArray[np.bool_], form: Ints, region: Ints, *, registered: bool
) -> npt.NDArray[np.int8]:
    """How each name stands: 2 registered in full, 1 never rarer than usual, 0 by its frequency.

    `registered`: whether the column calls most firms by registered names. A rare name then is no
    registered one, so it must not look like one.
    """
    whole = full & (form >= 0) & (region >= 0)
    return np.where(whole, 2, full | registered).astype(np.int8)


def classed(stands: npt.NDArray[np.int8], usual: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """The classes of names by how they stand; `usual`: by frequency alone."""
    never_rare = np.where(stands == 1, np.minimum(usual, 1), usual)
    return np.where(stands == 2, np.int8(2), never_rare).astype(np.int8)


def bare_region(region: str) -> str:
    """A region without the province before its city and without its rank: 浙江省杭州市 is 杭州."""
    return _REGION_SUFFIX.sub("", _PROVINCE.sub(r"\1", region, count=1))
