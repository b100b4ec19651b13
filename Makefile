# Each target does its own set-up, once: the stamps in .venv are older than pyproject.toml or constraints.txt only when
# the installation is. The environment is made without pip, which asks for no more than Debian's python3 and pip packages.

PYTHON ?= python3
WORKERS ?= 2
ADAPTERS := adapters/proeftuin-nats adapters/proeftuin-otel adapters/proeftuin-redis adapters/proeftuin-temporal
MUTANTS ?= proeftuin.core.choose* proeftuin.core.effects*
FLOOR ?= 85
BIN := .venv/bin
INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet -c constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test test-release mutants lint docs bench clean setup

help:
	@echo "make demo           play a pilot's whole life into a database file"
	@echo "make test           the test suite"
	@echo "make test-release   the test suite with ten times the examples, the slow tests, and make mutants"
	@echo "make mutants        how many changes to a part of the core the tests notice; MUTANTS='proeftuin.core.*' for all"
	@echo "make lint           every other gate (.ci/run runs both)"
	@echo "make docs           the documentation, in build/docs"
	@echo "make bench          the ratios that are promised"
	@echo "make clean          remove everything that these made"

demo: .venv/.demo
	@$(BIN)/proeftuin demo

test: .venv/.dev
	$(BIN)/python -m pytest -n $(WORKERS)

test-release: .venv/.dev
	PROEFTUIN_PROFILE=release $(BIN)/python -m pytest -n $(WORKERS) -m "" -o timeout=3600
	$(MAKE) mutants MUTANTS='proeftuin.core.*3' FLOOR=95

mutants: .venv/.mutants
	$(BIN)/python -m tests.mutants $(WORKERS) $(FLOOR) $(foreach one,$(MUTANTS),'$(one)')

lint: .venv/.dev
	@.ci/run --gates

docs: .venv/.dev
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs

bench: .venv/.bench
	$(BIN)/python -m benchmarks

setup: .venv/.dev

clean:
	rm -rf .venv build dist .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.mutants: pyproject.toml constraints.txt | .venv/.dev
	$(INSTALL) -e ".[mutants]"
	@touch $@

.venv/.bench: pyproject.toml constraints.txt | .venv/.made
	@echo "Installing into .venv what the benchmarks compare with."
	$(INSTALL) -e ".[bench]"
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "proeftuin needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 \
		|| { echo "$(PYTHON) has no pip; on Debian: apt install python3-pip"; exit 1; }
	$(PYTHON) -m venv --without-pip --clear .venv
	@touch $@

.venv/.demo: pyproject.toml constraints.txt | .venv/.made
	@echo "Installing into .venv; the first time this takes a minute."
	$(INSTALL) -e ".[cli,sql]"
	@touch $@

.venv/.dev: pyproject.toml constraints.txt $(ADAPTERS:%=%/pyproject.toml) | .venv/.made
	@echo "Installing into .venv; the first time this takes a minute or two."
	$(INSTALL) -e ".[dev]" $(ADAPTERS:%=-e "%[test]")
	@touch .venv/.demo $@
