# Asar: set up, run and test. `make help` lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
PORT ?= 8501
WORKERS ?= 2
edition := $(or $(ASAR_EDITION),$(shell cat data/editions/DEFAULT))
published := $(or $(ASAR_PUBLISHED),data/published/$(notdir $(patsubst %/,%,$(edition))))
venv := .venv
python := $(venv)/bin/python
errors = $(shell sed -n 's/^class \(.*\)(AsarError).*/\1/p' observatory/errors.py)
headless := $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname -s))),false,true)

.PHONY: help run demo test test-all lint texts bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

run: $(venv)/run.stamp $(published)/CURRENT ## set up what is missing and open the observatory on http://127.0.0.1:8501 (PORT=... for another)
	@echo "The observatory opens on http://127.0.0.1:$(PORT) (stop it with Ctrl+C)."
	@ASAR_EDITION="$(edition)" ASAR_PUBLISHED="$(published)" $(python) -m streamlit run dashboard.py \
		--server.address 127.0.0.1 --server.port $(PORT) --server.headless $(headless)

demo: $(venv)/run.stamp ## build the demonstration data of the edition again
	$(python) -m etl build --edition "$(edition)" --out "$(published)"

test: $(venv)/test.stamp ## run every test: the fast ones first, then those in a browser
	$(python) -m pytest -n $(WORKERS)

test-all: export ASAR_FULL = 1
test-all: test ## the same, with every page in every language, screen size and colour scheme

lint: $(venv)/test.stamp ## check the style of the code
	$(python) -m ruff check .
	$(python) -m ruff format --check --diff .

texts: $(venv)/test.stamp ## collect the texts of the interface and bring the catalogues up to date
	@mkdir -p build
	$(python) -m babel.messages.frontend extract --no-wrap --sort-by-file --add-location=file --add-comments=Translators: \
		-k say -k say_n:1,2 -k say_in:1c,2 -k mark -k Message $(addprefix -k ,$(errors)) --project Asar -o build/asar.pot dashboard.py pages observatory etl
	$(python) -m babel.messages.frontend update --no-wrap --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete \
		-i build/asar.pot -d data/locale -D asar

bench: $(venv)/run.stamp ## measure speed, memory and content: lists the claims (CLAIM=load, ROWS=..., or CLAIM=all)
	@$(python) -m benchmarks $(CLAIM) $(if $(ROWS),--rows $(ROWS))

clean: ## remove what was built; published data stays
	rm -rf $(venv) build .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The demonstration is built once. Data of your own that lies there is never overwritten.
$(published)/CURRENT: | $(venv)/run.stamp
	@echo "Building demonstration data in $(published). \`make demo\` shows the report."
	@$(python) -m etl build --edition "$(edition)" --out "$(published)" --json >/dev/null

$(venv)/run.stamp: requirements.txt | $(venv)/made.stamp
	$(python) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(venv)/test.stamp: requirements-dev.txt $(venv)/run.stamp
	$(python) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(venv)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Asar needs Python 3.11 or newer, and $(PYTHON) is missing or older."; \
		echo "Install it (Debian, Ubuntu: sudo apt-get install python3.11 python3.11-venv) or name it: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "This Python cannot make a virtual environment yet. Install the part that is missing: sudo apt-get install python$$version-venv"; exit 1; }
	@echo "Setting up Asar in $(venv). This takes a minute or two, once."
	@$(PYTHON) -m venv --clear $(venv)
	@touch $@
