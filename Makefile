# make demo   set up .venv, repair one seed article into out/demo
# make test   all that CI runs: lint, types, tests
# make lint   lint and types alone
# make soak   long fault tests: random kills, disks that fill up, memory (SOAK_KILLS=100 for more)
# make e2e    the review page in a real browser (needs chromium), and the walk-through of docs/review.md
# make fuzz   look for crashes, FUZZ_SECONDS=60 a target (installs atheris)
# make bench  print the tables of speed and memory (BENCH_FULL=1 for the long ones, BENCH_INPUT=FILE for your articles)
# make leaderboard   write eval/LEADERBOARD.md and its page from eval/runs
# make lock   choose the versions in requirements/test.lock anew
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python
LOCK := requirements/test.lock
SOURCES := pyproject.toml README.md $(shell find vn_repair models/default -type f ! -name '*.pyc' 2>/dev/null)

.PHONY: demo test lint lock leaderboard clean fuzz soak e2e bench
.DELETE_ON_ERROR:

demo: $(VENV)/.installed
	$(BIN)/vn-repair repair seeds/002_8e0d3666a40ef5d6.txt --output out/demo
	@echo "Open out/demo/002_8e0d3666a40ef5d6.report.html in a browser to see each change and its reason."

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

soak: $(VENV)/.test
	$(BIN)/python -m pytest -s tests/soak/soak_*.py

e2e: $(VENV)/.test
	$(PIP) install --quiet --constraint $(LOCK) '.[review,e2e]'
	VN_REPAIR_E2E=1 $(BIN)/python -m pytest tests/e2e

# Coverage-guided, a target after the other; then how time grows with hostile text.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.test
	$(PIP) install --quiet --constraint $(LOCK) '.[fuzz]'
	$(BIN)/python tests/fuzz/run.py all --seconds $(FUZZ_SECONDS)
	$(BIN)/python tests/hostile/growth.py --characters 50000

# Peers that are not installed are left out, and the tables say so; for transformers: make bench BENCH_EXTRAS=bench,transformers
BENCH_EXTRAS ?= bench
BENCH_OPTIONS := $(if $(BENCH_FULL),--full) $(if $(BENCH_INPUT),--input $(BENCH_INPUT))
bench: $(VENV)/.installed
	-$(PIP) install --quiet --constraint $(LOCK) '.[$(BENCH_EXTRAS)]'
	$(BIN)/python eval/bench_start.py $(if $(BENCH_FULL),--full)
	$(BIN)/python eval/bench_detect.py $(BENCH_OPTIONS)
	$(BIN)/python eval/bench_model.py $(BENCH_OPTIONS)
	$(BIN)/python eval/bench_repair.py $(BENCH_OPTIONS)
	$(BIN)/python eval/bench_size.py $(BENCH_OPTIONS)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name it with make PYTHON=..." >&2; exit 1; }
	@# Debian without python3-venv has no ensurepip; pip --python then does without a pip inside.
	$(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.installed: $(SOURCES) $(LOCK) | $(BIN)/python
	$(PIP) install --quiet --constraint $(LOCK) .
	@touch $@

$(VENV)/.test: $(VENV)/.installed $(LOCK)
	$(PIP) install --quiet --requirement $(LOCK)
	@touch $@

# The core and test requirements of pyproject.toml (so no torch), resolved in an environment of their own.
lock:
	$(PYTHON) -m venv build/lock
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	  print(*p["dependencies"], *p["optional-dependencies"]["test"], sep="\n")' > build/lock/wanted.txt
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet --requirement build/lock/wanted.txt
	{ echo "# Versions for make demo and make test, chosen by make lock (Python 3.11, no torch)."; \
	  build/lock/bin/python -m pip --disable-pip-version-check freeze --exclude pip --exclude setuptools; } > $(LOCK).part
	mv $(LOCK).part $(LOCK)
	rm -rf build/lock

# Reads eval/runs; RUN=1 makes the runs first, FLORES=DIR adds the public systems.
leaderboard: $(VENV)/.installed
	$(BIN)/vn-repair leaderboard $(if $(RUN),--run) $(if $(FLORES),--flores $(FLORES))

clean:
	rm -rf $(VENV) build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis
