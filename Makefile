# `make demo` and `make test` need only Python >= 3.11, git and make: uv is fetched into the environment.
PYTHON ?= python3
VENV   := .venv
UV     := $(VENV)/bin/uv
RUN    := $(VENV)/bin/

export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export GX_ANALYTICS_ENABLED = false

.PHONY: install develop demo test lint bench docs clean

install: $(VENV)/.installed
develop: $(VENV)/.developing

$(VENV)/.installed: pyproject.toml uv.lock
	@test -x $(UV) || { $(PYTHON) -c 'import sys; sys.exit("Guiyi needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None' && $(PYTHON) -m venv $(VENV) && $(RUN)python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<0.15'; }
	$(UV) sync --frozen --inexact --no-dev --compile-bytecode --python $(RUN)python
	$(RUN)python -m compileall -q guiyi cleansing connectors dedup governance mapping validators pipelines
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	$(UV) sync --frozen --inexact --python $(RUN)python
	@touch $@

demo: install
	$(RUN)guiyi demo --dir demo --prefect

test: develop
	$(RUN)python -m pytest -n auto --dist loadgroup

lint: develop
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports

bench: develop
	$(RUN)python -m benchmarks

docs: develop
	$(RUN)python docs/build.py

clean:
	rm -rf $(VENV) demo
