"""What failed before, for a gate that lets only new failures fail.

As a file it can be kept beside the project: it holds no record key, only digests under a salt of
its own.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from guiyi.errors import SpecError

FAILED = {"rule_id": pl.String, "key": pl.String}
"""Which rule a record failed; the key is empty for a failure that is not of single rows."""


@dataclass(frozen=True)
class Baseline:
    """What failed before."""

    failures: pl.DataFrame
    """rule_id, key."""
    salt: str | None = None
    """With what the keys are digested; None where they are as they are."""

    def known(self, failures: pl.DataFrame) -> pl.Series:
        """Of each row (rule_id, key), whether it failed before."""
        before = self.failures.unique().with_columns(known=pl.lit(value=True))
        asked = failures.select("rule_id", self._kept(failures["key"]))
        found = asked.join(before, on=["rule_id", "key"], how="left", maintain_order="left")
        return found["known"].fill_null(value=False)

    def _kept(self, keys: pl.Series) -> pl.Series:
        if self.salt is None:
            return keys
        return _digests(self.salt, keys)

    @classmethod
    def read(cls, file: Path) -> "Baseline":
        """Read one that was written. Raises SpecError for a file that is missing, or is none."""
        try:
            kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            rows = [(rule, key) for rule, keys in kept["rules"].items() for key in keys]
            return cls(pl.DataFrame(rows, schema=FAILED, orient="row"), str(kept["salt"]))
        except FileNotFoundError:
            raise SpecError("no such file", place=str(file)) from None
        except (ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError):
            raise SpecError(
                "not a baseline",
                place=str(file),
                hint="write one with: guiyi check PROJECT --write-baseline FILE",
            ) from None


def baseline_text(failures: pl.DataFrame) -> str:
    """What failed (rule_id, key), as a baseline keeps it in a file."""
    salt = secrets.token_hex(8)
    digested = failures.select("rule_id", _digests(salt, failures["key"]))
    grouped = digested.group_by("rule_id").agg(pl.col("key").sort()).sort("rule_id")
    rules = dict(grouped.iter_rows())
    return json.dumps({"guiyi": "baseline", "salt": salt, "rules": rules}, indent=1) + "\n"


def _digests(salt: str, keys: pl.Series) -> pl.Series:
    found = [hashlib.sha256(f"{salt}\n{key}".encode()).hexdigest()[:20] for key in keys]
    return pl.Series("key", found, dtype=pl.String)
