"""What the records of a queue say, for the filters: only what the reader may see is searched."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from console.review.wanted import Wanted
from governance import Masking
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import RECORD_ID, SOURCE
from pipelines.report.folder import FinishedRun

PLACES = ("region", "province", "city", "district")
"""Parts of names and addresses that say where somebody is."""
Flags = npt.NDArray[np.bool_]


class QueueValues:
    """The values of a queue's records, as one reader may see them."""

    def __init__(
        self,
        run: FinishedRun,
        entity: str,
        pairs: pl.DataFrame,
        owner: Sequence[str],
        masking: Masking,
    ) -> None:
        kinds = run.kinds.get(entity, {})
        have = run.columns(f"clean/{entity}")
        keys = pl.concat([pairs["left"], pairs["right"]]).unique()
        parts = [name for name in have if _is_place(name, kinds)]
        own = [name for name in kinds if name in have]
        named = run.scan(f"clean/{entity}").filter(record_key().is_in(keys.implode()))
        columns = dict.fromkeys([SOURCE, RECORD_ID, *own, *parts])
        plain = named.select(record_key().alias("key"), *columns).collect()
        shown = masking.table(plain.drop("key"), kinds).with_columns(plain["key"])
        self._rows = shown.select(
            "key",
            source=plain[SOURCE],
            region=_joined(parts),
            owner=_joined([name for name in owner if name in own]),
            word=_joined(own),
        )
        self._pairs = pairs.select("left", "right")

    def regions(self, most: int = 40) -> list[str]:
        """The places named most often."""
        parts = self._rows["region"].str.split("\n").explode()
        return _most_often(parts, most)

    def owners(self, most: int = 40) -> list[str]:
        """The owners named most often."""
        return _most_often(self._rows["owner"].str.split("\n").explode(), most)

    def chosen(self, wanted: Wanted) -> Flags:
        """Of each case, whether it is wanted."""
        texts = {"region": wanted.region, "owner": wanted.owner, "word": wanted.word}
        tests = [
            pl.col(name).str.to_lowercase().str.contains(text.lower(), literal=True)
            for name, text in texts.items()
            if text
        ]
        tests += [pl.col("source") == wanted.source] if wanted.source else []
        flags = np.ones(self._pairs.height, dtype=bool)
        for test in tests:  # each may hold of the one record or of the other
            own = self._rows.filter(test)["key"].implode()
            either = pl.col("left").is_in(own) | pl.col("right").is_in(own)
            flags &= self._pairs.select(either).to_series().to_numpy()
        return flags


def _is_place(name: str, kinds: dict[str, Kind]) -> bool:
    field, _, part = name.partition(".")
    return part in PLACES or (not part and kinds.get(field) is Kind.REGION)


def _joined(names: list[str]) -> pl.Expr:
    texts = [pl.col(name).cast(pl.String) for name in names]
    return pl.concat_str(texts, separator="\n", ignore_nulls=True) if texts else pl.lit("")


def _most_often(texts: pl.Series, most: int) -> list[str]:
    counted = texts.filter(texts.str.len_chars() > 0).value_counts(sort=True)
    return counted.head(most)[texts.name].to_list()
