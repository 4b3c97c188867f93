# Yiwang 一网: `make run` and `make test` are all that is needed.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin/python

.PHONY: help run test check bench requirements glossary lock clean

help:
	@echo 'make run           start everything with the demonstration city'
	@echo 'make test          lint, types, import contracts and all tests'
	@echo 'make bench         the measures of docs/measures.md'
	@echo 'make requirements  requirement rows proven by tests, by module'
	@echo 'make lock          renew the lock files'

run:
	@$(PYTHON) tools/bootstrap.py run
	@"$(BIN)" -m yiwang up --demo

test:
	@$(PYTHON) tools/bootstrap.py dev
	@"$(BIN)" tools/check.py

check: test

bench:
	@$(PYTHON) tools/bootstrap.py run
	@"$(BIN)" -m yiwang bench

requirements:
	@$(PYTHON) tools/bootstrap.py dev
	@"$(BIN)" tools/requirements_report.py

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev pyproject.toml -o requirements/dev.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis
