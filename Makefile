# Two commands for a stranger: "make run" and "make test". Nothing needs to be installed before but Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed beside the package: make install EXTRAS=dev,prose,browser
EXTRAS ?= dev,prose
INSTALLED := $(VENV)/.installed

.PHONY: run test lint format install corpus bench clean lock vendor

run: $(INSTALLED)  ## the main job on the sample web, then a lookup
	$(BIN)/recroise demo

test: $(INSTALLED)  ## everything that needs no server
	$(BIN)/python -m pytest

corpus: $(INSTALLED)  ## checks on the shared corpus, where there is one
	$(BIN)/python -m pytest -m corpus -rsP tests/corpus

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED)
	$(BIN)/python benchmarks/crawl.py
	$(BIN)/python -m benchmarks.faults.kill
	$(BIN)/python benchmarks/readers.py
	$(BIN)/python benchmarks/prose.py
	$(BIN)/python benchmarks/listings.py
	$(BIN)/python benchmarks/dates.py
	$(BIN)/python benchmarks/linking.py --only small synthetic --records 100000

install: $(INSTALLED)  ## leaves the command at .venv/bin/recroise

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Recroise needs Python 3.11 or newer; say which with: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	touch $@

lock:  ## write constraints.txt anew, from what resolves today
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --upgrade '.[dev,prose,browser,fuzz,bench]'
	build/lock/bin/pip freeze --exclude recroise | sort -f > constraints.txt

vendor: $(INSTALLED)  ## fetch the libraries for the browser anew, with npm
	$(BIN)/python -m tests.web.vendor

clean:
	rm -rf $(VENV) build dist *.egg-info
