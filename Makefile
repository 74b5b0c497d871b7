# `make demo` and `make test` need only Python >= 3.11, git and make: uv is fetched into the environment.
PYTHON ?= python3
VENV   := .venv
UV     := $(VENV)/bin/uv
RUN    := $(VENV)/bin/

# One process a core. A file's tests stay in one process, which makes its fixtures once; the order of
# tests/conftest.py, longest files first, is kept.
SPREAD := -n auto --dist loadfile --no-loadscope-reorder

export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export GX_ANALYTICS_ENABLED = false

# A firm's own certificate authority is in the system's store, where pip (before 24.2) and uv do not
# look unless told. What the user has set in the environment or in pip.conf goes first.
BUNDLE := $(firstword $(wildcard $(SSL_CERT_FILE) /etc/ssl/certs/ca-certificates.crt \
    /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem))
PIP    := $(RUN)python -m pip --disable-pip-version-check
ifneq ($(BUNDLE),)
export UV_SYSTEM_CERTS ?= true
CERTS  = $(PIP) config get global.cert >/dev/null 2>&1 || export PIP_CERT="$${PIP_CERT:-$(BUNDLE)}"
else
CERTS  = true
endif

.PHONY: install develop notebooks demo check test nightly lint bench chaos docs clean

install: $(VENV)/.installed
develop: $(VENV)/.developing

$(VENV)/.installed: pyproject.toml uv.lock
	@test -x $(UV) || { $(PYTHON) -c 'import sys; sys.exit("Guiyi needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None' && $(PYTHON) -m venv $(VENV) && { $(CERTS); } && $(PIP) install --quiet 'uv>=0.11,<0.15'; }
	$(UV) sync --frozen --inexact --no-dev --compile-bytecode --python $(RUN)python
	$(RUN)python -m compileall -q guiyi cleansing connectors dedup governance mapping validators pipelines console
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	$(UV) sync --frozen --inexact --python $(RUN)python
	@touch $@

notebooks: install
	$(UV) sync --frozen --inexact --no-dev --extra notebooks --python $(RUN)python
	@echo "GUIYI_PROJECT=path/to/project $(RUN)jupyter lab notebooks/dedup_review.ipynb"

demo: install
	$(RUN)guiyi demo --dir demo --prefect

check: lint   # before every commit: a minute and a half
	$(RUN)python -m pytest -q $(SPREAD) -m "not slow"

test: develop
	$(RUN)python -m pytest $(SPREAD)

nightly: develop   # the slowest tests too, new random examples, and 300 disturbed loads
	$(RUN)python -m pytest $(SPREAD) --hypothesis-profile=nightly
	$(RUN)python -m benchmarks.chaos --seeds $(or $(SEEDS),300) --first $(or $(FIRST),1)

lint: develop
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports

bench: develop
	$(RUN)python -m benchmarks

chaos: develop   # disturbs loads in every way, seeds shared over the targets; make chaos SEEDS=300 FIRST=1
	$(RUN)python -m benchmarks.chaos --seeds $(or $(SEEDS),50) --first $(or $(FIRST),1)

docs: develop
	$(RUN)python docs/build.py

clean:
	rm -rf $(VENV) demo
