"""What the kernels read of each company name: its parts, its brand's sound, its words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dedup.comparison.base import Comparison
from dedup.comparison.company_names import (
    CompanyComparison,
    Parts,
    bare_region,
    classed,
    in_full,
    is_in_full,
    squeezed,
    standings,
)
from dedup.forms.person_names import sound_of
from dedup.index.fields import NO_VALUES, Classes, Lengths, Vocabulary
from dedup.index.reading import Record
from dedup.index.texts import GrowingArray, Lexicon, Points, points_of
from dedup.index.vocabularies import Bags
from dedup.knowledge.company_words import written_out
from dedup.value_pairs.branch import canonical_branch

PARTS = ("brand", "region", "trade", "branch", "form")


@dataclass
class CompanyVocabulary(Vocabulary):
    """Company names, taken apart."""

    field: str
    parts: dict[str, GrowingArray]
    """By part: the number of each name's; −1 where it is missing."""
    names: dict[str, Lexicon]
    """The texts that the numbers of parts and of sounds stand for."""
    kin: GrowingArray
    bags: Bags
    stands: GrowingArray
    """How each name stands, as `dedup.comparison.company_names.standings` tells it."""
    aliases: Mapping[str, int]
    registered: bool
    """Whether firms are called by registered names."""

    @classmethod
    def of(cls, comparison: CompanyComparison, aliases: Mapping[str, int]) -> "CompanyVocabulary":
        """Lay out the names of a comparison."""
        known, full = comparison.known, in_full(comparison.column.values)
        values = {**known.dictionaries, "brand": known.brand_values}
        return cls(
            Lexicon.of(comparison.column.values),
            GrowingArray.of(comparison.outline), comparison.name,
            {part: GrowingArray.of(getattr(known, part)) for part in PARTS},
            {name: Lexicon.of(texts) for name, texts in values.items()},
            GrowingArray.of(known.kin), Bags.of(known.words, int(comparison.column.counts.sum())),
            GrowingArray.of(standings(full, *known.whole, registered=comparison.registered)),
            dict(aliases), comparison.registered,
        )  # fmt: skip

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays by name."""
        parts = {f"part_{part}": growing for part, growing in self.parts.items()}
        own = {"kin": self.kin, "stands": self.stands}
        return super().growing_arrays() | parts | own | self.bags.growing_arrays()

    def lexicons(self) -> dict[str, Lexicon]:
        """The names, their parts, and the words."""
        return super().lexicons() | self.names | {"words": self.bags.lexicon}

    def describe(self, text: str, points: Points, record: Record) -> int:
        """Take the record's name apart as the batch does."""

        def part(name: str) -> str | None:
            found = record.get(f"{self.field}.{name}")
            return found if isinstance(found, str) else None

        whole = record.get(self.field)
        spoken = part("brand") or (whole if isinstance(whole, str) else None)
        spoken = None if spoken is None else written_out(spoken.lower())
        brand = None if spoken is None else squeezed(spoken)
        region, branch = part("region"), part("branch")
        texts = {
            "brand": brand,
            "region": None if region is None else bare_region(region),
            "trade": part("trade"),
            "branch": None if branch is None else canonical_branch(branch),
            "form": part("form"),
        }
        numbers = {
            name: np.array([self.names[name].number(texts[name])], np.int32) for name in self.parts
        }
        for name, growing in self.parts.items():
            growing.put(numbers[name])
        sound = self.names["sound"].number(None if brand is None else sound_of(brand))
        firm = self.aliases.get(text, -1)
        # An alias' number only has to differ from those of sounds, which the batch counts first.
        alias = -1 if firm < 0 else firm + self.names["sound"].ordered
        self.kin.put(np.array([[sound, alias]], np.int32))
        worded = text if spoken is None else spoken
        self.bags.put(worded, points_of(worded))
        full, registered = np.array([is_in_full(text)]), self.registered
        stands = standings(full, numbers["form"], numbers["region"], registered=registered)
        self.stands.put(stands)
        return 0

    def classes(self, usual: Classes, first: int) -> Classes:
        """Registered names are a firm's own, and those without region or legal form are not."""
        return classed(self.stands.array[first : first + len(usual)], usual)

    def forget(self, lengths: Lengths) -> None:
        """Take back names, their parts and words."""
        super().forget(lengths)
        self.bags.forget(lengths.values, lengths.of["words"])
        for growing in (self.kin, self.stands, *self.parts.values()):
            growing.used = lengths.values

    def prepare(
        self, comparison: Comparison, codes: GrowingArray, bins: GrowingArray
    ) -> Comparison:
        """The comparison over these arrays."""
        made = super().prepare(comparison, codes, bins)
        parts = Parts(
            **{part: self.parts[part].array for part in PARTS},
            kin=self.kin.array,
            keys=self.lexicon.laid_out,
            brands=self.names["brand"].laid_out,
            trades=self.names["trade"].laid_out,
            brand_values=NO_VALUES,
            words=self.bags.words,
            dictionaries={},
        )
        return replace(made, parts=parts)  # type: ignore[call-arg]
