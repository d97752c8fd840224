# The two commands of the README, and what they need: Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV ?= .venv
DIST ?= dist
BIN := $(VENV)/bin
# What `clearpoint install` is given beside the project, e.g. ARGS=--no-statusline
ARGS ?=
# Tests run in a process for each core and one more, as some only wait
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help dev install uninstall demo test tools lint built suite coverage wheel docs release clean

help:
	@echo "make install PROJECT=/path/to/project   watch that project's Claude Code sessions"
	@echo "make uninstall PROJECT=/path/to/project stop watching them"
	@echo "make demo                               play a sample session"
	@echo "make test                               linters, types and the whole test suite"
	@echo "make dev                                the package as it stands here, to work on it"
	@echo "make lint                               linters, types and import rules"
	@echo "make coverage                           the quick tests, and the lines and branches they reach"
	@echo "make release                            the wheel, its bill of materials, an audit, in $(DIST)/"
	@echo "make docs                               the documentation as a site, in site/"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Clearpoint needs Python 3.11 or newer; set PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(BIN)/clearpoint: $(BIN)/python pyproject.toml $(shell find src hooks -name '*.py' 2>/dev/null)
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps .
	$(BIN)/python -m pip install --quiet .
	@touch $@

install: $(BIN)/clearpoint
	@test -n "$(PROJECT)" || { echo "PROJECT is missing: make install PROJECT=/path/to/project"; exit 1; }
	@$(BIN)/clearpoint install --project "$(PROJECT)" $(ARGS)

uninstall: $(BIN)/clearpoint
	@test -n "$(PROJECT)" || { echo "PROJECT is missing: make uninstall PROJECT=/path/to/project"; exit 1; }
	@$(BIN)/clearpoint uninstall --project "$(PROJECT)" $(ARGS)

demo: $(BIN)/clearpoint
	@$(BIN)/clearpoint demo

wheel: $(BIN)/python
	rm -rf $(DIST)
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(DIST) .

# To work on it: edits count at once, in the hooks too.
dev: $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group dev

# Tests in process only: what runs in processes of its own is not counted.
coverage: dev
	$(BIN)/python -m pytest -n $(WORKERS) -m "not client and not processes" \
		--cov --cov-report term --cov-fail-under 95

# Installed without bytecode: most modules of the tools are never imported.
tools: $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --group dev

lint: tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The suite runs against the built wheel, as a user has it, never against the sources.
built: wheel tools
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps $(DIST)/*.whl
	$(BIN)/python -m pip install --quiet $(DIST)/*.whl
	$(BIN)/python -m pip wheel --quiet --wheel-dir $(DIST)/wheels hatchling .  # for tests without network

suite:  # its tests run `make` too, which is none of this one's jobs
	MAKEFLAGS= CLEARPOINT_WHEELS="$(abspath $(DIST))/wheels" $(BIN)/python -m pytest -n $(WORKERS)

test: built
	@$(MAKE) --no-print-directory --jobs=2 lint suite

# A dead link, an unknown anchor or anything else that Sphinx warns of is a failure.
docs: $(BIN)/clearpoint
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env docs site
	@echo "$(CURDIR)/site/index.html"

# The wheel, built twice and compared; what it brings along; what is known to be wrong with that.
release: $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --group release
	$(BIN)/python .ci/release.py $(DIST)

clean:
	rm -rf $(VENV) $(DIST) site .mypy_cache .ruff_cache .pytest_cache .hypothesis
