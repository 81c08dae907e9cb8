# `make report` and `make test` are all a new user needs; every target makes the environment if it is not there yet.

.DEFAULT_GOAL := help
.PHONY: help report test lab paper lint bench fuzz mutants docs baseline clean
.DELETE_ON_ERROR:

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PYTHON ?=
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SEEDS ?= 100
OUT ?= outputs/erdao
SCENARIOS ?= baseline plan plan-bound plan-late openings-only plan-recruit plan-rooms rotation-balancing
PYTEST_ARGS ?=
FUZZ_ARGS ?=
LAB_ARGS ?=
# uv installs the same versions in a fifth of the time; `make UV= ...` keeps to pip. Byte code comes with first use.
UV ?= $(shell command -v uv 2>/dev/null)
INSTALL = $(if $(UV),$(UV) pip install --python $(RUN),$(RUN) -m pip install --disable-pip-version-check --no-compile)

# Where byte code may not be kept, every process of a run and of the tests compiles every module anew: seconds each.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo 'make report  install, run the Erdao scenarios in $(SEEDS) worlds each, write the comparison to $(OUT)/ as HTML, its first page as Word'
	@echo 'make test    install, check style and types, run all tests and the notebooks'
	@echo 'make lab     open the notebooks in JupyterLab; LAB_ARGS="--no-browser --port 8889" for its own options'
	@echo 'make paper   write the numbers and figures of the methods text (docs/paper.py) to outputs/paper/'
	@echo 'make lint    check style and types'
	@echo 'make bench   time a run'
	@echo 'make mutants FILE=simsim/rules/hiring.py  put 40 small faults into a file, and show which its own tests miss'
	@echo 'make fuzz    random districts and damaged inputs by the thousand; FUZZ_ARGS="--districts 50 --inputs 50" for fewer'
	@echo 'make docs    write the documents that come from code and parameters'
	@echo 'make baseline  write the exact numbers of the golden runs anew, after a change that is meant to move them'
	@echo 'make clean   remove the environment and caches; outputs stay'
	@echo 'Settings: PYTHON=python3.12 JOBS=$(JOBS) SEEDS=$(SEEDS) OUT=$(OUT)'

report: $(STAMP)
	$(VENV)/bin/simsim run $(SCENARIOS) --seeds $(SEEDS) --jobs $(JOBS) --out "$(OUT)" --replace
	$(VENV)/bin/simsim report "$(OUT)" --lang zh & zh=$$!; \
	  $(VENV)/bin/simsim report "$(OUT)" --lang en; en=$$?; wait $$zh && exit $$en
	$(VENV)/bin/simsim report "$(OUT)" --lang zh --brief
	$(VENV)/bin/simsim report "$(OUT)" --lang en --brief

# One pytest run, types included (tests/test_types.py), so that its last line counts everything. A notebook's cells share a kernel, hence loadfile.
test: $(STAMP)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m pytest -m "" -n $(JOBS) --dist loadfile --no-loadscope-reorder --nbval-lax --nbval-current-env --ignore-glob='notebooks/report-*' tests notebooks $(PYTEST_ARGS)

# From the repository's root, so that README, docs and outputs are in reach; as root (containers) it asks for no leave.
lab: $(STAMP)
	$(RUN) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks/01-quickstart.ipynb \
	  $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS)

# Numbers and figures of the methods text, from one command.
paper: $(STAMP)
	$(RUN) docs/paper.py

lint: $(STAMP)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

bench: $(STAMP)
	$(RUN) -m benchmarks

# In a copy of the tree; N=100 tries more, SEED=2 others.
mutants: $(STAMP)
	$(RUN) -m benchmarks.mutants $(FILE) $(if $(N),--n $(N)) $(if $(SEED),--seed $(SEED))

# Prints kind, cases, outcomes (docs/reliability.md); ends with 1 when something fails.
fuzz: $(STAMP)
	$(RUN) -m tests.fuzz $(FUZZ_ARGS)

docs: $(STAMP)
	$(RUN) docs/generate.py

# After a change that is meant to move results.
baseline: $(STAMP)
	$(RUN) tests/test_baseline.py --update
	$(RUN) tests/golden.py --update

clean:
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .hypothesis
	find simsim tests notebooks -name __pycache__ -prune -exec rm -rf {} +

# Nothing is installed again unless pyproject.toml or constraints.txt changed.
$(STAMP): pyproject.toml constraints.txt
	@$(RUN) -c 'import pip' 2>/dev/null || { \
	  if [ -n "$(PYTHON)" ]; then set -- "$(PYTHON)"; else set -- python3 python3.13 python3.12 python3.11 python; fi; \
	  for python in "$$@"; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "simsim needs Python 3.11 or newer; tried: $$*. Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; \
	  fi; \
	  "$$found" -m venv $(VENV) || { echo "$$found cannot make an environment (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }; }
	@echo "Installing into $(VENV)/ with $$($(RUN) --version) by $(firstword $(INSTALL)); the first time takes a few minutes"
	@$(INSTALL) -c constraints.txt -e '.[dev,dask]'
	@touch $@
