"""The command line. Each command's module is imported only when that command runs."""

from pipelines.cli.main import main

__all__ = ["main"]
