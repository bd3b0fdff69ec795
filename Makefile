# Knowledge Hub. `make` lists what can be done here.
# Everything runs in .venv, which `make setup` fills from uv.lock; the first run takes a minute, later ones seconds.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)/.peers
PAPERS ?= ../shared/data
COLLECTIONS ?= ../shared/data/collections
SIZES ?= 1000 10000 100000 300000
PAGES ?= 100000
# Whoever names a set of their own gets that alone; else the larger one of abstracts is measured as well.
ifeq ($(origin EXPERTS), undefined)
ABSTRACTS ?= $(COLLECTIONS)/arxiv-abstracts.jsonl.gz
endif
EXPERTS ?= ../shared/data/experts
# On every processor; tests that share something dear stay together (their mark xdist_group).
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 8 --dist loadgroup
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup demo run worker test browser check format messages bench bench-search bench-ingest bench-experts lighthouse clean

help: ## List what can be done here
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv and install what uv.lock names

$(READY): pyproject.toml uv.lock $(wildcard knowledge_hub/locale/*/LC_MESSAGES/*.po)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Knowledge Hub needs Python 3.11 or newer. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python has no venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip >/dev/null
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv sync --quiet --locked --active --inexact
	@$(BIN)/pybabel --quiet compile --directory knowledge_hub/locale --domain django
	@touch $@

demo: $(READY) ## Start a hub with demo content on PORT (default 8000); Ctrl-C stops it
	@$(BIN)/python manage.py load_demo
	@exec $(BIN)/python manage.py run_hub --port $(PORT)

run: $(READY) ## Start web server and workers on PORT with your own content
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/python manage.py run_hub --port $(PORT)

worker: $(READY) ## Start only the workers and the clock
	@exec $(BIN)/python manage.py run_hub --workers-only

test: $(READY) ## Run the tests; those that need a service run where one is named
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

browser: $(READY) ## Run the tests in Chromium (CHROMIUM names it, default /usr/bin/chromium)
	@CHROMIUM=$${CHROMIUM:-/usr/bin/chromium} $(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/browser $(ARGS)

bench: bench-search bench-ingest bench-experts ## Measure everything that can be measured on ../shared/data, as tables

bench-search: $(PEERS) ## Measure ranking and speed of search beside its peers (COLLECTIONS, SIZES, PAGES, JSON, MARKDOWN)
	@BENCH_COMMAND='make bench-search COLLECTIONS=$(COLLECTIONS) SIZES="$(SIZES)" PAGES=$(PAGES)$(if $(ARGS), ARGS="$(ARGS)")' \
	  $(BIN)/python -m tests.benchmarks.search "$(COLLECTIONS)" --sizes $(SIZES) --pages $(PAGES) \
	  $(if $(JSON),--json "$(JSON)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(ARGS)

bench-ingest: $(PEERS) ## Measure reading and describing of documents beside other readers (PAPERS, JSON, MARKDOWN)
	@BENCH_COMMAND='make bench-ingest PAPERS=$(PAPERS)$(if $(ARGS), ARGS="$(ARGS)")' \
	  $(BIN)/python -m tests.benchmarks.ingest "$(PAPERS)" \
	  $(if $(JSON),--json "$(JSON)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(ARGS)

bench-experts: $(READY) ## Measure the finding of experts beside plain votes (EXPERTS, ABSTRACTS, JSON, MARKDOWN)
	@BENCH_COMMAND='make bench-experts$(if $(filter command line environment,$(origin EXPERTS)), EXPERTS=$(EXPERTS))' \
	  $(BIN)/python -m tests.benchmarks.experts "$(EXPERTS)" $(if $(ABSTRACTS),--abstracts "$(ABSTRACTS)" --sizes 100000) \
	  $(if $(JSON),--json "$(JSON)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(ARGS)

lighthouse: $(READY) ## Have Lighthouse look at the pages of a demo hub, as on a desk and a phone (JSON, MARKDOWN)
	@test -d tests/benchmarks/lighthouse/node_modules || npm ci --prefix tests/benchmarks/lighthouse --silent || { echo "Lighthouse needs Node.js with npm, and the network once. On Debian and Ubuntu: apt-get install nodejs npm"; exit 1; }
	@BENCH_COMMAND='make lighthouse$(if $(ARGS), ARGS="$(ARGS)")' $(BIN)/python -m tests.benchmarks.lighthouse \
	  $(if $(JSON),--json "$(JSON)") $(if $(MARKDOWN),--markdown "$(MARKDOWN)") $(ARGS)

# What is measured beside our engine; nothing else needs it.
$(PEERS): $(READY)
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv sync --quiet --locked --active --inexact --group bench || { echo "The engines to measure beside ours could not be installed: that needs the network, once."; exit 1; }
	@touch $@

check: $(READY) ## Formatter, linter, types, import contract, migrations, templates, translations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(BIN)/python manage.py check_messages

format: $(READY) ## Set code and templates in the project's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

messages: $(READY) ## Collect the texts to translate into knowledge_hub/locale (needs gettext)
	@$(BIN)/python manage.py makemessages --locale nl --no-location --no-wrap --ignore 'var/*' --ignore '.venv/*' --ignore 'tests/*'
	@$(BIN)/pybabel --quiet compile --directory knowledge_hub/locale --domain django

clean: ## Remove .venv and caches; content under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
