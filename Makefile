# The commands of e-BOK. Each does its own set-up; CONTRIBUTING.md tells more about every one.
#
#   make demo          the whole portal with demo content   PORT=8000 FRESH=1 DATABASE_URL=…
#   make test          everything that must hold            ARGS="-k …" ONLY="sqlite"
#   make run           for developers: reloads on change     PORT=8000

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-all lint format bench soak walk shots features messages requirements clean

PY := .venv/bin/python
# Values given on the command line (make demo PORT=8010) reach the scripts as environment; make
# does that by itself.

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup: ## environment, front-end and translations, as every command does for itself
	@.ci/setup.sh development

demo: ## the whole portal with demo content (PORT=, FRESH=1, DATABASE_URL=)
	@.ci/demo.sh

run: ## the portal for developers: reloads on change, error pages with details (PORT=)
	@.ci/setup.sh development
	@.ci/develop.sh

test: ## lint, the suite on SQLite and PostgreSQL, the browser walk (ARGS=, ONLY=)
	@.ci/setup.sh development
	@.ci/test.sh

test-all: test ## the same, then the suite on the second Django line where its Python is present
	@.ci/test-second-django.sh

lint: ## rules, layout, types, imports, templates, migrations, translations, YAML
	@.ci/setup.sh development
	@$(PY) .ci/lint.py

format: ## put the Python sources in the agreed layout
	@.ci/setup.sh development
	@.venv/bin/ruff check --quiet --fix-only site ebok_plugins page_types snippets tests .ci
	@.venv/bin/ruff format site ebok_plugins page_types snippets tests .ci

bench: ## speed beside its limits: pages, import, sqlite, growth, journal, readings (ARGS="import --rows 50000")
	@.ci/setup.sh development
	@.ci/bench.sh tests.bench $(ARGS)

soak: ## load for a long time, then killed imports on each database (KILLS=50, ONLY=import)
	@.ci/setup.sh development
	@[ "$(ONLY)" = import ] || .ci/bench.sh tests.bench.soak $(ARGS)
	@.ci/tool.sh tests.bench.import_soak --kills $(or $(KILLS),50)
	@.ci/postgres.sh .ci/tool.sh tests.bench.import_soak --kills $(or $(KILLS),50)

walk: ## every page in every combination of language, width, theme and scripts
	@.ci/setup.sh development
	@ONLY=browser ARGS="--walk=full $(ARGS)" .ci/test.sh

shots: ## a picture of every page under var/shots/, with an index page
	@.ci/setup.sh development
	@.ci/browser.sh .ci/tool.sh tests.browser.shots

features: ## every row of the feature list: proven in the last full test run, or missing
	@.ci/setup.sh development
	@.ci/tool.sh tests.features

messages: ## bring the translation catalogues up to date with the sources
	@.ci/setup.sh development
	@$(PY) .ci/messages.py extract
	@$(PY) .ci/messages.py compile

requirements: ## compile requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer versions)
	@.ci/setup.sh development
	@.ci/requirements.sh

clean: ## remove everything these commands made, except the data of the demo under var/
	rm -rf .venv .venv-* templates/theme/node_modules templates/theme/build build dist htmlcov .coverage
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache var/reports var/static
	find . -name '*.mo' -not -path './.venv/*' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
