"""The product's packages, for tests that read its source."""

from pathlib import Path

PROJECT = Path(__file__).parents[1]
ROOMS = (
    "guiyi",
    "cleansing",
    "connectors",
    "console",
    "dedup",
    "governance",
    "mapping",
    "pipelines",
    "validators",
)
