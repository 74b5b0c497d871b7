"""Who is measured: Guiyi and its peers, each in an environment made on demand under .bench/."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / ".bench"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Contender:
    """A tool, how to install it, and how it is asked for clusters."""

    name: str
    script: str = ""
    """The file in benchmarks/peers; Guiyi itself has none."""
    packages: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    most_rows: int = 10_000_000
    """Beyond this it is known not to end within the timeout."""
    unset: tuple[str, ...] = ()
    """Sets it has no settings for: the many sparse columns of senzing need too many."""

    def command(self, file: Path, out: Path, plan: str) -> list[str | Path]:
        """Ask for the clusters of a file, to be found at `clusters(out)`."""
        if not self.script:
            return [BIN / "guiyi", "dedupe", file, "--out", out, "--quiet", *self.options]
        python = ENVIRONMENTS / self.script / "bin" / "python"
        script = ROOT / "benchmarks" / "peers" / f"{self.script}_peer.py"
        return [python, "-P", script, file, out, plan, *self.options]

    def clusters(self, out: Path) -> Path:
        """Find the written clusters."""
        return out if self.script else out / "clusters.csv"

    def install(self) -> str | None:
        """Make its environment if it is not there; say why not if that fails."""
        if not self.script or (ENVIRONMENTS / self.script / ".installed").exists():
            return None
        folder = ENVIRONMENTS / self.script
        python = folder / "bin" / "python"
        try:
            _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
            _uv("pip", "install", "--quiet", "--python", str(python), *self.packages)
        except (OSError, subprocess.SubprocessError) as error:
            return f"not installed: {type(error).__name__}"
        (folder / ".installed").touch()
        return None


def _uv(*words: str) -> None:
    subprocess.run([str(BIN / "uv"), *words], check=True, timeout=600)


SPLINK = ("splink>=5,<6", "duckdb>=1.4")
WIDE = ("senzing",)
CONTENDERS: Sequence[Contender] = (
    Contender("Guiyi, clusters only", options=("--clusters-only",)),
    Contender("Guiyi, golden records and report"),
    Contender("Splink, as documented", "splink", SPLINK, most_rows=200_000, unset=WIDE),
    Contender("Splink, tuned", "splink", SPLINK, ("--tuned",), unset=WIDE),
    Contender(
        "recordlinkage, ECM",
        "recordlinkage",
        ("recordlinkage==0.16", "pandas>=2.3,<3"),
        most_rows=200_000,
        unset=WIDE,
    ),
    Contender("GoldenMatch", "goldenmatch", ("goldenmatch>=3.22,<4", "polars"), most_rows=200_000),
)
SWEEP = Contender(
    "Splink, best of ten thresholds", "splink", SPLINK, ("--tuned", "--sweep"), unset=WIDE
)
