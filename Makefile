# The doors of this project. `make run` and `make test` need Python 3.11 or later,
# make and a package index; nothing else has to be prepared.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
export PORT PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench drills audit lock pictures runtime dev clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: runtime ## the demo clinic on PORT (8000), with what works in the background
	@exec $(PY) scripts/run.py

test: dev ## the whole suite on every database that answers; ARGS go to pytest
	@exec $(PY) scripts/test.py $(ARGS)

check: dev ## formatting, lint, types, floors, templates, pending migrations
	@exec $(PY) scripts/check.py

fmt: dev ## put the code in order
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: dev ## the speed of questions and bookings, beside what they must be
	@exec $(PY) -m tests.bench $(ARGS)

drills: dev ## every race, 200 rounds on each database; ROUNDS and ARGS narrow it
	@exec $(PY) -m tests.drills $(ARGS)

audit: dev ## the locked packages against published advisories
	@$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.txt
	@$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt

lock: ## requirements*.txt from requirements*.in; UPGRADE=1 for newer ones
	@scripts/lock.sh

pictures: dev ## the pictures of README.md, taken from the demo in a browser
	@exec $(PY) -m tests.pictures $(ARGS)

runtime:
	@scripts/venv.sh requirements.txt

dev: runtime
	@scripts/venv.sh requirements-dev.txt

clean: ## remove what make made, except .env and var/
	rm -rf $(VENV) staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
