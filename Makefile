# Everything a developer does, by name. `make` alone lists it.

# Any Python from 3.11 on: the first of these that is one. Say PYTHON=… to choose.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
ROOMS := gorax api workflows activities worker dev bench

# More for a command: `make test ARGS='-k cron -x'`, `make dev ARGS=--verbose`.
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install dev test pytest soak lint format bench lock reference postman sdk-node action-types record-histories clean

help: ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(INSTALLED) ## Make .venv with the locked dependencies, if it is not there or out of date

# The interpreter is checked here and not above, so that `make help` works without one.
$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Gorax needs Python 3.11 or newer, and found none." \
		"Install one (Debian 12 or newer: apt install python3 python3-venv; macOS: brew install python)" \
		"or name yours: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than Python 3.11 (or does not run): name a newer one, make PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || { echo "making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing the locked dependencies (the first time takes a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

dev: $(INSTALLED) ## Run Gorax whole on this machine: PostgreSQL, Temporal, worker and API; Ctrl-C stops it
	@exec $(BIN)/python -m dev $(ARGS)

test: lint pytest ## Check linters, types, import contracts, and the suite on real servers, all but what `soak` has

pytest: $(INSTALLED) ## Run the tests alone; ARGS='-k name' chooses some
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

soak: $(INSTALLED) ## Run the tests that kill servers under load, a minute or more each, one at a time
	@$(BIN)/pytest -m soak $(ARGS)

lint: $(INSTALLED) ## Run the linter, the formatter's check, the type checker and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --explicit-package-bases $(ROOMS) tests
	$(BIN)/lint-imports

format: $(INSTALLED) ## Format the code and sort its imports
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED) ## Measure throughput, CPU and latency on the real servers
	@$(BIN)/python -m bench $(ARGS)

lock: $(INSTALLED) ## Choose the newest versions that pyproject.toml allows and write requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --all-extras pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --extra server --extra telemetry --constraint requirements.lock \
		pyproject.toml -o deploy/image/requirements.lock
	echo hatchling | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --constraint requirements.lock - -o deploy/image/build.lock

reference: $(INSTALLED) ## Make docs/api-reference.md anew from the OpenAPI document
	$(BIN)/python -m api.reference > docs/api-reference.md.new
	@mv docs/api-reference.md.new docs/api-reference.md

postman: $(INSTALLED) ## Make docs/api/gorax.postman_*.json anew from the OpenAPI document
	$(BIN)/python -m api.postman docs/api

sdk-node: $(INSTALLED) ## Make the types of sdk/node anew from the OpenAPI document, and check the client; needs Node.js
	cd sdk/node && npm ci --ignore-scripts --no-fund --no-audit
	$(BIN)/python -m api.node_types | (cd sdk/node && node generate.mjs)
	cd sdk/node && npm run build

action-types: $(INSTALLED) ## Make anew what `gorax validate` knows of the action types
	$(BIN)/python -m api.action_types > gorax/cli/action_types.json.new
	@mv gorax/cli/action_types.json.new gorax/cli/action_types.json

record-histories: $(INSTALLED) ## Record new histories for the replay tests in tests/histories
	@$(BIN)/python -m tests.histories.record $(ARGS)

clean: ## Remove what was built or cached; keeps .venv and the data in .gorax
	rm -rf build dist sdk/node/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
