# Each target sets up what it needs. `make` alone prints this help.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@ $(VENV)/run

run: $(VENV)/run ## the sandbox without a token (http://127.0.0.1:8080), the real bot with BOT_TOKEN
	@$(BIN)/python -m bot

check: $(VENV)/dev ## lint, types, layers, process files, the figures of the house, the locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check
	$(BIN)/python -m tests.house
	$(BIN)/python -m tests.supply check

test: $(VENV)/dev ## everything CI runs as tests, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: $(VENV)/dev ## what a tap costs, as a ratio to a bare aiogram echo; BENCH="--deals 1000 --rounds 5"
	$(BIN)/python -m tests.bench $(BENCH)

flood: $(VENV)/dev ## what a crowd, a flooding stranger and a backlog cost whoever presses now; FLOOD="--engine sqlite --part burst"
	$(BIN)/python -m tests.bench.flood $(FLOOD)

cluster: $(VENV)/dev ## three bots on one PostgreSQL, by polling and by webhook, killed, frozen, with wrong clocks; CLUSTER="--minutes 10"
	@$(BIN)/python -m tests.cluster $(CLUSTER)

races: $(VENV)/dev ## two people, or ten presses, on one deal at once, 10,000 times on each database (ten minutes); RACES=1000
	RACES=$(or $(RACES),10000) $(BIN)/python -m pytest -q tests/services/deals/test_races.py

properties: $(VENV)/dev ## what holds for every process and every measurement, with four times the examples of a day (minutes)
	PROPERTIES=1 $(BIN)/python -m pytest -q tests/models/engine/test_engine_properties.py tests/services/deals/test_measure_property.py

month: $(VENV)/dev ## the messages of a simulated shop's month, by person and by kind; MONTH="--seed 2 --days 14 --json"
	@$(BIN)/python -m tests.month $(MONTH)

KILLS ?= 300
storm: $(VENV)/dev ## the bot killed under load, on both databases side by side (under an hour); KILLS=1000 STORM="--engine sqlite --seed 5"
	@$(BIN)/python -m tests.storm --kills $(KILLS) $(STORM)

walk: $(VENV)/dev ## the liar walk: shops live by chance, nothing said may be untrue; 30 minutes a process; WALK="--minutes 5 --process kitchens"
	@$(BIN)/python -m tests.walk $(WALK)

matrix: $(VENV)/dev ## everything that can be pressed, answered or opened, as everybody, about everybody's things (minutes); MATRIX="--seed 7"
	@$(BIN)/python -m tests.matrix $(MATRIX)

guards: $(VENV)/dev ## take each guard of the product out, in a copy, and see a test die; GUARDS="--why invitation"
	@$(BIN)/python -m tests.guards $(GUARDS)

format: $(VENV)/dev ## tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

texts: $(VENV)/dev ## bring the translations up to the texts
	$(BIN)/python -m locales.update

migration: $(VENV)/dev ## the next migration, from what the tables say: name=what_it_does
	@$(BIN)/python -m models.migrations.new_migration "$(name)"

docs: $(VENV)/dev ## bring the schema, the pages that are made from code or locks and the picture of the house up to date
	$(BIN)/python -m bot schema processes/process.schema.json
	$(BIN)/python -m bot schema --markdown docs/process-language.md
	$(BIN)/python -m tests.house.picture
	$(BIN)/python -m tests.supply licences
	$(BIN)/python -m tests.house.rights_page

house: $(VENV)/dev ## the figures of the house: circles, folders, names, untyped data
	$(BIN)/python -m tests.house

# What was published less than a week ago may yet be found to be somebody else's and taken back
WEEK_AGO = $(shell $(PYTHON) -c "import datetime as d; print(d.datetime.now(d.UTC).date() - d.timedelta(days=7))")
LOCKING = uv pip compile -q --generate-hashes --universal --python-version 3.11 --only-binary :all: --emit-build-options

lock: ## new hashed locks from pyproject.toml, of releases that are a week old (needs uv)
	$(LOCKING) --exclude-newer $(WEEK_AGO) pyproject.toml -o requirements.txt
	$(LOCKING) --exclude-newer $(WEEK_AGO) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

audit: $(VENV)/dev ## locks, licences, releases taken back, known weaknesses; ends with 3 if a list could not be asked
	@$(BIN)/python -m tests.supply audit

sbom: $(VENV)/dev ## the bill of materials of what runs, CycloneDX JSON: SBOM=sbom.json
	@$(BIN)/python -m tests.supply sbom $(or $(SBOM),sbom.json)

.PHONY: help run check test bench flood month storm guards cluster matrix properties races walk format texts migration docs house lock audit sbom
