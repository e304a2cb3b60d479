# Two commands: `make run` and `make test`. They need Python 3.11 or newer and make; the rest is fetched, locked by hash.
PORT ?= 8000
ARGS ?=
PROMISES ?=
BIN := .venv/bin
NEWEST_FIRST := python3 python3.14 python3.13 python3.12 python3.11
IS_NEW_ENOUGH := import sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,$(NEWEST_FIRST),$(shell $(name) -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo $(name))))
CODE := earlyhelp referrals assessments hubs lac
# Once, rather than by each of the processes that start together; a folder that may not be written stays as it is.
COMPILE = $(BIN)/python -m compileall -qq $(CODE) || true
SOURCES = $(shell find frontend -name node_modules -prune -o -path frontend/dist -prune -o -type f -print)
NPM = cd frontend && export PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 && npm

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench prove backup restore lock clean

help:  ## what can be made
	@echo "Early Help. With Python 3.11 or newer and make:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: .venv/ready frontend/dist/.built  ## the product on this machine, with an invented county (PORT=8000)
	@$(COMPILE)
	@$(BIN)/python manage.py serve --port $(PORT)

test: .venv/ready frontend/dist/.built lint  ## every check and every test (ARGS="-k allocation")
	@echo "Testing ..."
	@$(COMPILE)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)
	@echo "All is well."

lint: .venv/ready  ## style, types and who may import whom
	@echo "Checking style ..."
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check || { echo "Some files are not formatted: make format"; exit 1; }
	@echo "Checking types ..."
	@$(BIN)/mypy
	@echo "Checking the storeys ..."
	@$(BIN)/lint-imports --no-cache > .venv/storeys.txt || { cat .venv/storeys.txt; exit 1; }

format: .venv/ready  ## the code, in the one style
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

bench: .venv/ready frontend/dist/.built  ## how fast the pages are on a county of 100,000 cases
	@$(BIN)/python manage.py bench $(ARGS)

prove: .venv/ready frontend/dist/.built  ## the promises, the long way: races, kills, outages (PROMISES="P9 P10")
	@PROMISES="$(PROMISES)" $(BIN)/python -m pytest -m prove -n 0 $(ARGS)

backup: .venv/ready  ## everything the product holds into one new folder (TO=/safe/place/monday)
	@$(BIN)/python manage.py backup $(TO)

restore: .venv/ready  ## a backup into an empty database (FROM=/safe/place/monday; ARGS=--replace for one that is not)
	@if [ -z "$(FROM)" ]; then echo "Name the backup: make restore FROM=/safe/place/monday"; exit 1; fi
	@$(BIN)/python manage.py restore $(FROM) $(ARGS)

lock: .venv/ready  ## the requirements anew, with the hash of every file (ARGS=--upgrade)
	@for name in uv base local dev; do \
		echo "Locking requirements/$$name.txt ..."; \
		$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
			--python-version 3.11 requirements/$$name.in $(ARGS) --output-file requirements/$$name.txt || exit 1; \
	done

clean:  ## removes the demonstration's data, what was built, and the environment
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m earlyhelp.embedded.remove; fi
	@rm -rf .venv var frontend/dist frontend/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Clean."

# The environment. uv does not read pip's own settings (a council's mirror, say), so pip itself is the second way.
.venv/ready: requirements/uv.txt requirements/dev.txt
	@if [ -z "$(PYTHON)" ]; then echo "Early Help needs Python 3.11 or newer. Name yours: make run PYTHON=/path/to/python3"; exit 1; fi
	@$(PYTHON) -c '$(IS_NEW_ENOUGH)' || { echo "$(PYTHON) is older than 3.11. Name another: make run PYTHON=/path/to/python3"; exit 1; }
	@echo "Making the Python environment in .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "This Python cannot make environments. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Installing what is locked in requirements/dev.txt (about 830 MB once unpacked) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt \
		|| { echo "The package installer could not be fetched. Is this machine online? Behind a proxy, set HTTPS_PROXY."; exit 1; }
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements/dev.txt \
		|| { echo "Trying pip instead ..."; $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt; } \
		|| { echo "The packages could not be fetched. Is this machine online? Behind a proxy, set HTTPS_PROXY."; exit 1; }
	@touch $@

# Styles and scripts, with the Node.js of the environment.
frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json | .venv/ready
	@echo "Fetching the design system ..."
	@($(NPM) ci --silent --no-audit --no-fund --fetch-retries=2) || { \
		($(NPM) ping --silent --fetch-retries=0) > /dev/null 2>&1 && echo "npm failed: see the message above, or run 'cd frontend && npm ci'." \
			|| echo "npm cannot reach its registry, from which the design system comes. Is this machine online? Behind a proxy, set HTTPS_PROXY."; \
		exit 1; }
	@touch $@

frontend/dist/.built: frontend/node_modules/.ready $(SOURCES)
	@echo "Building styles and scripts ..."
	@$(NPM) run --silent build
	@touch $@
