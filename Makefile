# Each target works on a fresh clone: it makes .venv and installs what it needs first.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
UV := uv==0.13.9
VAR_DIR ?= var
HOST ?= 127.0.0.1
PORT ?= 8000
GITHUB ?= sample
TESTS ?=
WORKERS ?= auto

export VAR_DIR

.DEFAULT_GOAL := help
.PHONY: help demo run test test-sqlite test-postgres coverage soak check outdated lock bench clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@printf '\nHOST=%s PORT=%s choose the address of demo and run; VAR_DIR=%s their files.\n' '$(HOST)' '$(PORT)' '$(VAR_DIR)'

demo: $(VENV)/installed $(VAR_DIR)/secret-key ## everything in one terminal, with sample people and a sample GitHub (GITHUB=real: the real one)
	@$(PYTHON) manage.py devserver --demo --host '$(HOST)' --port '$(PORT)' --github '$(GITHUB)'

run: $(VENV)/installed $(VAR_DIR)/secret-key ## everything in one terminal, with the curriculum and nobody in it
	@$(PYTHON) manage.py devserver --host '$(HOST)' --port '$(PORT)'

test: test-postgres ## all tests, on a throw-away PostgreSQL (SQLite where there is none); TESTS=path for some

test-postgres: $(VENV)/installed-for-development
	@TEST_DATABASE=$${TEST_DATABASE:-postgres} $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

test-sqlite: $(VENV)/installed-for-development ## all tests, on SQLite
	@TEST_DATABASE=sqlite $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

soak: $(VENV)/installed-for-development ## the tests with killed processes and of random histories, many rounds of each
	@SOAK=1 TEST_DATABASE=$${TEST_DATABASE:-postgres} $(PYTHON) -m pytest $(if $(TESTS),$(TESTS),tests/faults tests/test_every_form.py tests/test_who_may_see_what.py)

coverage: $(VENV)/installed-for-development ## lines and branches of the apps that the tests reach; fails below 97 %
	@TEST_DATABASE=$${TEST_DATABASE:-postgres} $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup \
		--cov --cov-report=term:skip-covered -m 'not (browser or faults)' $(TESTS)

check: $(VENV)/installed-for-development ## style, types, directions of imports, missing migrations, settings fit for production
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 --check {} +
	DEBUG=1 $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	DEBUG=1 DATABASE_URL=sqlite://:memory: $(PYTHON) manage.py makemigrations --check --dry-run
	$(AS_IN_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

# A key made for this one command, and an address with TLS.
AS_IN_PRODUCTION = SITE_URL=https://milepost.example DATABASE_URL=sqlite://:memory: \
	SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')"

outdated: $(VENV)/installed-for-development $(VENV)/uv ## which packages have a newer patch (asks the package registry)
	@VIRTUAL_ENV=$(VENV) $(PYTHON) bench/_outdated.py $(VENV)/bin/uv

lock: $(VENV)/uv ## compile requirements*.in to requirements*.txt (asks the package registry)
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in --output-file requirements.txt
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements-dev.in --output-file requirements-dev.txt

bench: $(VENV)/installed-for-development ## what it costs and how often it is right; ARGUMENTS="--corpus DIR" are passed on
	@for script in bench/[a-z]*.py; do \
		printf '\n== %s\n' "$$script"; $(PYTHON) "$$script" $(ARGUMENTS) || exit 1; \
	done

clean: ## remove what can be made again: .venv, caches, the demo's data (never the data of make run)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache '$(VAR_DIR)/demo'
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VAR_DIR)/secret-key: | $(VENV)/bin/python
	@mkdir -p '$(VAR_DIR)'
	@umask 077; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' > '$@.new' && mv '$@.new' '$@'

# The virtual environment. Each file in it is the mark of a step that is done.

$(VENV)/bin/python:
	@$(make_environment)

$(VENV)/uv: $(VENV)/bin/python
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check '$(UV)' && touch $@ || \
		echo 'uv cannot be installed here; pip does its work, more slowly.' >&2

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@$(call install,$<)

$(VENV)/installed-for-development: requirements-dev.txt | $(VENV)/bin/python
	@$(call install,$<)

define install
	$(MAKE) --no-print-directory --silent $(VENV)/uv; \
	echo 'Installing $(1) into $(VENV).'; \
	if [ -e $(VENV)/uv ] && $(VENV)/bin/uv pip install --quiet --python $(PYTHON) --compile-bytecode --require-hashes --requirement $(1); then :; \
	else $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(1); fi && touch $@
endef

# The first Python that is new enough and can make virtual environments.
define make_environment
	new_enough=; \
	for python in python3 python3.11 python3.12 python3.13 python3.14; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		new_enough=$$python; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making $(VENV) with $$($$python --version)."; \
		exec $$python -m venv --clear $(VENV); \
	done; \
	if [ -n "$$new_enough" ]; then \
		echo "$$($$new_enough --version) cannot make virtual environments. On Debian: apt-get install python3-venv" >&2; \
	else \
		echo "Milepost needs Python 3.11 or newer; python3 here is $$(python3 --version 2>/dev/null || echo missing)." >&2; \
	fi; \
	exit 1
endef
