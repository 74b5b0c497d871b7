"""Proof that nothing was lost: the target holds what was sent, and every record is somewhere."""

from dataclasses import dataclass

import polars as pl


def compare_rows(sent: pl.DataFrame, found: pl.DataFrame, key: str = "external_id") -> pl.DataFrame:
    """Compare what was sent with what the target holds, field by field.

    Returns `key, column, sent, found, equal`, one row for each record sent and column. A record the
    target does not hold has `found` null throughout and is equal in no column, not even where null
    was sent. Records the target holds beyond those sent are not looked at.
    """
    columns = [name for name in sent.columns if name != key]
    # A field may have any name, so values go by number.
    there = found.select(
        key,
        *(
            _text(name if name in found.columns else None).alias(f"found{n}")
            for n, name in enumerate(columns)
        ),
        held=pl.lit(value=True),
    )
    left = sent.select(key, *(_text(name).alias(f"sent{n}") for n, name in enumerate(columns)))
    both = left.join(there, on=key, how="left", maintain_order="left").with_columns(
        pl.col("held").fill_null(value=False)
    )
    compared = [
        both.select(
            key,
            pl.lit(name).alias("column"),
            pl.col(f"sent{n}").alias("sent"),
            pl.col(f"found{n}").alias("found"),
            equal=pl.col("held")
            & pl.lit(name in found.columns)
            & pl.col(f"sent{n}").eq_missing(pl.col(f"found{n}")),
        )
        for n, name in enumerate(columns)
    ]
    none = left.clear().select(key, column=_text(None), sent=_text(None), found=_text(None))
    return pl.concat([none.with_columns(equal=pl.lit(value=True)), *compared])


def _text(name: str | None) -> pl.Expr:
    return pl.lit(None, pl.String) if name is None else pl.col(name).cast(pl.String)


@dataclass(frozen=True)
class ConservationLaw:
    """A conservation law: what went in equals the sum of what came out."""

    name: str
    """What went in: `extracted` or `handed_to_load`."""
    total: int
    """How much went in."""
    parts: dict[str, int]
    """What became of it, and how much of each."""
    of: str = ""
    """The source or entity it is about; empty for all."""

    @property
    def difference(self) -> int:
        """What is unaccounted for; negative if something was counted twice."""
        return self.total - sum(self.parts.values())

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        return self.difference == 0


def extraction_law(
    extracted: int, *, out_of_scope: int, quarantined: int, members: int, of: str = ""
) -> ConservationLaw:
    """Every row extracted is out of scope, in quarantine, or a member of a golden record."""
    parts = {"out_of_scope": out_of_scope, "quarantined": quarantined, "members": members}
    return ConservationLaw("extracted", extracted, parts, of)


def load_law(
    handed: int, *, created: int, updated: int, unchanged: int, rejected: int, of: str = ""
) -> ConservationLaw:
    """Every golden record handed to load is created, updated, unchanged, or rejected."""
    parts = {"created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected}
    return ConservationLaw("handed_to_load", handed, parts, of)
