# Two commands matter: `make demo` and `make test`. Both fetch what they need.

PYTHON ?= python3
LOCAL := $(or $(COMANAGE_LOCAL),.local)
VENV_PYTHON := $(LOCAL)/venv/bin/python

ADDONS := comanage_exact comanage_exact_queue_job
SOURCES := $(wildcard $(ADDONS) tests dev docs)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check random soak bench walk record live dist docs readme screenshots template \
	translations lint format clean

help:  ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo
	@echo "ODOO_HOME           an Odoo 19 to use instead of fetching one"
	@echo "PGHOST, DATABASE_URL   a PostgreSQL server to use instead of our own"
	@echo "COMANAGE_LOCAL      folder for all that is fetched, instead of .local"

setup:  ## get Odoo, PostgreSQL, the Python packages and the public clients
	@$(PYTHON) -m dev.setup

demo: product  ## try the product; ONCE=1 ends after the table
	@$(VENV_PYTHON) -m dev.demo $(if $(ONCE),--once)

test: lint setup  ## run all tests; ARGS="-k name" goes to pytest
	@$(VENV_PYTHON) -m dev.test $(ARGS)

check: setup  ## check style, and run the tests that need no database
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint quick

random: product  ## book random invoices and compare each cent; INVOICES=n with each seed
	@RANDOM_INVOICES=$(or $(INVOICES),2000) \
		$(VENV_PYTHON) -m dev.test -s tests/test_random_invoices.py

soak: product  ## book under faults, kills and a restart; SEED=n INVOICES=n
	@COMANAGE_STATE=$(LOCAL)/soak $(VENV_PYTHON) -m tests.soak \
		$(if $(SEED),--seed=$(SEED)) $(if $(INVOICES),--invoices=$(INVOICES))

bench: product  ## measure calls, queries, CPU, memory, budget; QUICK=1 for a short one
	@$(VENV_PYTHON) -m tests.benchmark $(if $(QUICK),--quick)

walk: product  ## print one invoice's way through the add-on's functions, and its figures
	@$(VENV_PYTHON) -m tests.walk

record: product  ## check a division of the simulator, as the example in tests/recorded
	@$(VENV_PYTHON) -m dev.record

live: product  ## check a real division of Exact Online, named in the environment
	@$(VENV_PYTHON) -m dev.live

dist: tools  ## build the packages: wheels as the OCA names them, and a zip
	@$(VENV_PYTHON) -m dev.dist

docs: tools  ## build the documentation into dist/docs; a warning is an error
	@$(VENV_PYTHON) -m dev.docs

readme: tools  ## put the README of each add-on together from its fragments
	@$(VENV_PYTHON) -m dev.readme

screenshots: product  ## take pictures of every screen, in four languages and two widths
	@$(VENV_PYTHON) -m dev.screenshots $(if $(ARGS),$(ARGS))

template: product  ## write the template of the translations
	@$(VENV_PYTHON) -m dev.template

translations: tools  ## bring the translations up to the template, list what lacks
	@$(VENV_PYTHON) -m dev.translations

lint: tools  ## check style with ruff and pylint-odoo
	@$(VENV_PYTHON) -m ruff check $(SOURCES)
	@$(VENV_PYTHON) -m ruff format --check $(SOURCES)
	@$(VENV_PYTHON) -m pylint $(ADDONS)

format: tools  ## let ruff repair style
	@$(VENV_PYTHON) -m ruff check --fix $(SOURCES)
	@$(VENV_PYTHON) -m ruff format $(SOURCES)

clean:  ## remove everything that was fetched and made, databases included
	@$(PYTHON) -m dev.clean

.PHONY: product quick tools
product:
	@$(PYTHON) -m dev.setup --product-only

quick: tools
	@$(VENV_PYTHON) -m dev.check

tools:
	@$(PYTHON) -m dev.setup --tools-only
