# Two doors for a stranger: `make demo` and `make test`. Each sets up what it needs; a second run starts at once.
.DELETE_ON_ERROR:
.PHONY: demo test check lint types sbom audit clean help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

demo: $(STAMPS)/run  ## transcribe, draft, sign and export the sample dictations (or FILES="a.wav b.m4a")
	@$(BIN)/dictate demo --samples samples --output demo-output $(FILES)

test: $(STAMPS)/dev  ## run all tests and print the coverage
	@$(BIN)/python -m pytest --cov --cov-report=term $(ARGS)

check: lint types test sbom audit  ## everything CI checks, and what is in it

lint: $(STAMPS)/dev  ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMPS)/dev  ## mypy --strict
	@$(BIN)/mypy

sbom: $(STAMPS)/dev  ## list what is in it (CycloneDX): dist/sbom.cdx.json
	@mkdir -p dist && $(BIN)/python -W ignore -m cyclonedx_py requirements requirements/run.txt --pyproject pyproject.toml \
	  --mc-type application --output-reproducible --of JSON --output-file dist/sbom.cdx.json && echo "dist/sbom.cdx.json"

audit: $(STAMPS)/dev  ## look the packages up among known vulnerabilities (says so where it can't)
	@$(BIN)/python tools/audit_dependencies.py requirements/run.txt

clean:  ## remove what make made (not the model in the user's cache)
	rm -rf $(VENV) $(STAMPS) demo-output dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Plejediktat needs Python 3.11 or newer as '$(PYTHON)': install it (Debian/Ubuntu: apt-get install python3) or name one with make PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing: install it (Debian/Ubuntu: apt-get install python3-venv) and run make again."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# dev.txt holds all of run.txt at the same versions, so either stamp may come first.
$(STAMPS)/run: $(BIN)/python requirements/run.txt pyproject.toml
	@echo "Setting up (about a minute, once) ..." >&2
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: $(BIN)/python requirements/dev.txt pyproject.toml
	@echo "Setting up for tests (about a minute, once) ..." >&2
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(STAMPS) && touch $@
