# Targets for people. Everything goes into .venv here; nothing else on the machine changes, save that
# `make test` installs a browser and a Chinese font where both are missing and the system's packager may be used.
# PYTHON=... chooses the interpreter, ARGS=... adds arguments to the last command of a target.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$p" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo install test lint bench clean browser

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: .venv/installed  ## build the graph of examples/ into exports/ and say which page to open
	$(BIN)/kg build examples -o exports $(ARGS)
	@echo
	@echo "Open this page in a browser (it needs no network):"
	@echo "  $(CURDIR)/exports/graph.html"

install: .venv/installed  ## the kg command in .venv/bin

.venv/installed: pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer with venv is needed (Debian: apt install python3 python3-venv); \
	or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Creating .venv with $(PYTHON)"; "$(PYTHON)" -m venv .venv; }
	@echo "Installing the project and what it needs into .venv"
	@$(PIP) install -e .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need into .venv"
	@$(PIP) install -e '.[dev]'
	@touch $@

test: .venv/installed-dev browser node_modules lint  ## style, types and all tests
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: .venv/installed-dev  ## style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

node_modules: package.json
	@if command -v npm >/dev/null && npm install --silent --no-fund --no-audit; then touch $@; \
	else echo "npm cannot install ESLint here: the tests of the explorer's JavaScript style are skipped"; fi

browser:
	@.ci/browser

bench: .venv/installed-dev  ## the measurements of benchmarks/, one after the other
	@for script in benchmarks/[a-z]*.py; do \
		test -e "$$script" || { echo "benchmarks/ holds none"; break; }; \
		echo "== $$script"; $(BIN)/python "$$script" $(ARGS) || exit 1; done

clean:  ## remove .venv and caches; exports/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
