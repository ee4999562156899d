# `make run` serves the desk on a sample book; `make test` proves the whole of it. Both set up what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
WORKERS ?= 2
PORT ?= 8000
CUSTOMERS ?= 240
SEED ?= 7
CHARTS := src/goodstanding/web/static/vendor/echarts.js
export GOODSTANDING_HOME ?= $(CURDIR)/var
run: export GOODSTANDING_FIRM ?= Third Place Roasters|8 Harbour Road, Shanghai|Account 0000 0000 0000

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.run: requirements.txt tools/system
	tools/system python
	python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: $(VENV)/.run $(CHARTS) requirements-dev.txt tools/system
	tools/system browser fonts java postgresql
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

$(CHARTS): frontend/package-lock.json tools/charts requirements-node.txt | $(VENV)/.run
	tools/charts $(VENV) frontend $@

words: $(VENV)/.run
	$(PY) -m goodstanding.config.catalogue compile

run: $(VENV)/.run $(CHARTS) words  ## serve the desk on a sample book, on this machine only
	$(BIN)/goodstanding init
	test -e $(GOODSTANDING_HOME)/sample/items.csv || $(BIN)/goodstanding sample $(GOODSTANDING_HOME)/sample --customers $(CUSTOMERS) --seed $(SEED) --through $$(date -d yesterday +%F)
	$(BIN)/goodstanding import $(GOODSTANDING_HOME)/sample
	$(BIN)/goodstanding nightly
	GOODSTANDING_DEMO=1 $(BIN)/goodstanding serve --with-worker --port $(PORT)

test: $(VENV)/.test check test-sqlite test-postgresql  ## everything, on SQLite and on PostgreSQL

check: $(VENV)/.test words  ## taste and structure: no test is run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/django-admin makemigrations --check --dry-run --settings goodstanding.config.settings

test-sqlite: $(VENV)/.test words  ## the suite on SQLite
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

test-postgresql: $(VENV)/.test words  ## what touches the database, on a PostgreSQL started for it
	$(PY) tests/with_postgres.py $(BIN)/pytest -n $(WORKERS) --dist loadgroup -m database

screenshots: $(VENV)/.test words  ## pictures of every page, wide and narrow, light and dark, in both languages
	$(PY) tests/screenshots.py screenshots

lock: $(VENV)/.test  ## lock the libraries anew, by hash and without addresses
	for name in requirements requirements-dev requirements-node; do \
	  $(BIN)/uv pip compile $$name.in --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --quiet -o $$name.txt; done

clean:  ## forget the sample book and the environment
	rm -rf $(VENV) $(GOODSTANDING_HOME) frontend/node_modules $(dir $(CHARTS))

.PHONY: help words run test check test-sqlite test-postgresql screenshots lock clean
