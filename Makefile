# Needs only make and Python 3.11 or newer. Another Python: make setup PYTHON=python3.13
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
LOCK := requirements/dev.txt
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# The packages that hold the meaning of the law; `make test` asks for more of them than of the rest.
CORE := */subsidy/model/*,*/subsidy/policy/*,*/subsidy/rules/*,*/subsidy/engine/*
CORE_COVERED := 95

UV := uv==0.13.9

.DEFAULT_GOAL := help
MINUTES ?= 30

.PHONY: help setup demo test check mutants nightly bench lock wheel clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1:\2/p' Makefile | while IFS=: read -r verb what; do \
		printf '%-14s %s\n' "$$verb" "$$what"; done

setup: $(READY) ## Make .venv from the lock; done again only when the lock or pyproject.toml changes

# pip is told not to compile, since all is compiled at once at the end, on every core.
$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("subsidy needs Python 3.11 or newer, found %d.%d; try: make PYTHON=python3.13" % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --progress-bar off --no-compile --no-deps --require-hashes -r $(LOCK)
	$(PIP) install --quiet --no-compile --no-deps --no-index --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src || true
	@touch $@

demo: $(READY) ## Quote one amount, then decide one claim
	$(BIN)/subsidy quote --occupation 4-04-05-05 --level 3 --on 2023-09-01
	$(BIN)/subsidy assess < examples/claim.json

# The samples of one page build on each other, so a file's tests stay together; files are taken as they are collected, for
# those with the fewest tests, which would come last, are among the longest.
test: $(READY) ## Run every test, and ask for 95% of the core's branches by its own
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report= --measure-core
	$(BIN)/coverage report --include='$(CORE)' --fail-under=$(CORE_COVERED)
	@$(BIN)/coverage json --quiet -o coverage.json --include='$(CORE)'
	@$(BIN)/python -c 'import json, pathlib; \
		share = json.loads(pathlib.Path("coverage.json").read_text())["totals"]["percent_branches_covered"]; \
		print(f"branches of the core covered: {share:.1f}%, asked for: $(CORE_COVERED)%"); \
		raise SystemExit(share < $(CORE_COVERED))'

check: $(READY) ## Lint, format, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

nightly: $(READY) ## Look for MINUTES=30, on one core, for examples that break a property
	$(BIN)/python -m tests.nightly $(MINUTES)

# All of it takes hours; what has an answer keeps it until its code changes. One package: make mutants PART=rules
mutants: $(READY) ## Change the code spot by spot: does a test notice? One package: PART=rules
	PATH="$(CURDIR)/$(BIN):$$PATH" mutmut run $(if $(PART),'subsidy.$(PART).*')
	$(BIN)/python -m tests.mutation_score

bench: $(BENCH)/.ready ## Time the library beside what a user would pick instead
	$(BENCH)/bin/python -m benchmarks

# The peers have requirements of their own, so they stay out of the environment that the tests run in.
$(BENCH)/.ready: pyproject.toml requirements/bench.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --progress-bar off \
		--no-deps --require-hashes -r requirements/bench.txt
	$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-index --no-build-isolation \
		--editable .
	$(BENCH)/bin/python -m compileall -q -j 0 $(BENCH)/lib src || true
	@touch $@

lock: ## Write the lock again; newest versions with UPGRADE=1
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --quiet install $(UV)
	build/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-config --quiet \
		$(if $(UPGRADE),--upgrade) --output-file $(LOCK)
	build/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --group bench --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--no-config --quiet --constraint $(LOCK) $(if $(UPGRADE),--upgrade) --output-file requirements/bench.txt

wheel: $(READY) ## Build the sdist and the wheel into dist/
	$(BIN)/python -m hatchling build -d dist

clean: ## Remove the environment and all that the tools leave behind
	rm -rf $(VENV) $(BENCH) build dist .coverage .coverage.* coverage.json htmlcov .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache mutants
	find src tests examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
