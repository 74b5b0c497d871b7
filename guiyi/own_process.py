"""Processes of our own: Python programs that never run code from the current folder.

`python -m` would look for modules there first: a `json.py` beside a customer's files would be run.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

SAFE = {"PYTHONSAFEPATH": "1"}
"""Python leaves the current folder out of its path, and so does every process that one starts
(docs.python.org/3/using/cmdline.html#envvar-PYTHONSAFEPATH)."""


def start_module(module: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a module with this Python; `options` are those of `subprocess.Popen`."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, env={**os.environ, **SAFE}, **options)


def run_python(code: str, *arguments: str, setting: Mapping[str, str], **options: Any) -> int:
    """Run a statement with this Python and wait for it; return its exit code.

    `setting`: environment variables besides ours; `options` are those of `subprocess.run`.
    """
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **SAFE, **setting}
    return subprocess.run(command, env=environment, check=False, **options).returncode
