# One-word commands. `make help` explains each; everything lives in .venv, build/ and data/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PARTS := protocol gateway server tools
TRACK ?=
COUNT ?= 200000
DATA ?= data
PORT ?= 8080
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Programs are started by the hundred: what Python made of their sources is kept, whatever the surroundings say.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help env web words wasm32 run test test-long test-bluez fuzz fuzz-api check format bench bench-codec bench-signals bench-firmware bench-link bench-power bench-gateway \
	bench-analysis bench-server bench-web screenshots bench-files bench-archive bench-apple bench-duplicates hardware kicad enclosure flash lock clean

help: ## Explain every target
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

env: $(VENV)/.ready ## Make the environment: pinned packages, our four distributions

$(VENV)/.ready: locks/all.txt $(foreach part,$(PARTS),$(part)/pyproject.toml) server/setup.py $(wildcard server/paceline_server/telemetry/coder/*)
	@command -v $${CC:-cc} >/dev/null || { echo "make: a C compiler is missing: apt install gcc libc6-dev python3-dev" >&2; exit 1; }
	@# Debian splits ensurepip off into python3-venv; without it, the system's pip fills the environment.
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --clear --without-pip $(VENV)
	test -x $(BIN)/pip || $(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r locks/all.txt \
		|| { echo "make: Python's venv or pip is missing: apt install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r locks/all.txt
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(foreach part,$(PARTS),-e $(part))
	$(BIN)/python -c "from paceline_server.formats.sample_chunks import warm_up; warm_up()"
	touch $@

web: server/paceline_server/static/dist/.ready ## Build the pages' scripts and styles with the Node from PyPI

server/paceline_server/static/dist/.ready: $(VENV)/.ready $(wildcard server/web/*.json server/web/*.mjs server/web/src/* server/web/src/*/*)
	cd server/web && npm ci --no-audit --no-fund --silent && npm run --silent build
	touch $@

wasm32: tools/wasm32/node_modules/.ready ## Install the 32-bit MicroPython that weighs the firmware's heap

tools/wasm32/node_modules/.ready: $(VENV)/.ready tools/wasm32/package-lock.json
	cd tools/wasm32 && npm ci --no-audit --no-fund --silent
	touch $@

# The type checker wants the board's modules in a folder of their own, not among the host's packages.
build/typings/.ready: $(VENV)/.ready
	rm -rf build/typings && mkdir -p build
	awk '/^[a-z]/ {stubs = /^micropython-.*-stubs==/} stubs' locks/all.txt > build/typings.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target build/typings -r build/typings.txt
	touch $@

run: env web ## Run the whole line; TRACK=file.fit (FIT, GPX, TCX) is sent through the wearable; DATA=folder, PORT=number
	$(BIN)/python -m paceline_tools.line --data "$(DATA)" --port "$(PORT)" $(if $(TRACK),--track "$(TRACK)")

words: env ## Bring the catalogues of words up to templates and code; say what is not translated
	$(BIN)/python -m paceline_tools.words

test: env web wasm32 ## Run all tests
	@# In the order of tests/conftest.py: else xdist leaves the files of few, long tests for the end, one after the other.
	@# Four for two cores: each collects all tests and starts a browser of its own, and more would only stand in line.
	$(BIN)/pytest -q -n 4 --dist loadfile --no-loadscope-reorder

test-long: ## Run all tests with all their cases, of which `make test` takes some (EVERY_STEP in docs/TESTING.md)
	EVERY_STEP=1 $(MAKE) --no-print-directory test

test-bluez: env ## Run the gateway on real BlueZ in an emulated machine
	$(BIN)/python -m paceline_tools.guest

fuzz: env ## Give every parser COUNT mutated inputs (200000), or those that ONLY=gpx,tcx names; FROM=N goes on behind the first N
	$(BIN)/python -W error -m paceline_tools.fuzz $(COUNT) --only "$(ONLY)" --from $(or $(FROM),0)

fuzz-api: env ## Ask the server by schemathesis what its API's document allows and forbids, at length, on both databases
	FUZZ_EXAMPLES=100 FUZZ_PHASES=coverage,fuzzing $(BIN)/pytest -q tests/server/test_schemathesis.py
	FUZZ_DATABASE=postgresql FUZZ_EXAMPLES=20 FUZZ_PHASES=coverage,fuzzing $(BIN)/pytest -q tests/server/test_schemathesis.py

check: env web build/typings/.ready ## Format, lint, types of every package, policy tests
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(CHECKS)

# The longest first; the others beside it.
CHECKS := check-types check-policy check-style check-board-types check-web
.PHONY: $(CHECKS)

check-types: ## Of `make check`: the types of what runs on a host
	$(BIN)/basedpyright --level error

check-policy: ## Of `make check`: the laws of the tree
	$(BIN)/pytest -q tests/policy

check-style: ## Of `make check`: format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-board-types: ## Of `make check`: the types of the firmware
	$(BIN)/basedpyright --level error -p firmware

check-web: ## Of `make check`: the scripts and styles of the pages
	cd server/web && npm run --silent check

format: env ## Format the code and sort the imports
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: env ## Print every measured figure beside its baseline and goal
	$(MAKE) --no-print-directory --keep-going bench-codec bench-signals bench-firmware bench-link bench-power \
		bench-gateway bench-analysis bench-server bench-imports bench-web bench-files bench-archive bench-apple bench-duplicates

bench-codec: env ## Bytes per sample and decode time of the sample codec
	$(BIN)/python -m paceline_tools.bench.codec

bench-signals: env ## Heart rate and steps on the recordings, beside plain baselines
	$(BIN)/python -m paceline_tools.bench.signals

bench-firmware: env wasm32 ## CPU, heap, flash and wear of a second of recording, modelled for the ESP32-S3
	$(BIN)/python -m paceline_tools.bench.firmware

bench-link: env ## A pull's goodput beside raw notifications, and the air time of a long workout
	$(BIN)/python -m paceline_tools.bench.link

bench-power: env ## What each state draws, as modelled, and how long a battery lasts
	$(BIN)/python -m paceline_tools.power_budget

bench-gateway: env ## Ten wearables with a day of backlog each: goodput, CPU and memory of the gateway
	$(BIN)/python -m paceline_tools.bench.gateway

bench-analysis: env ## What an hour, and a year of hours, take to be analysed
	$(BIN)/python -m paceline_tools.bench.analysis

bench-web: env web ## The activity page on a slow phone: largest paint, bytes
	PYTHONPATH=tests $(BIN)/python -m web.page_on_a_slow_phone

screenshots: env web ## Every page at phone and desktop size, light and dark, into build/screenshots
	PACELINE_SCREENSHOTS=$(CURDIR)/build/screenshots $(BIN)/pytest -q tests/web/test_every_page.py

bench-server: env ## Start, memory, reads with many activities, and light requests beside uploads
	$(BIN)/python -m paceline_tools.bench.server

bench-imports: env ## What a file, and a zip of 2,000, take from being sent to being shown
	$(BIN)/python -m paceline_tools.bench.imports

bench-files: env ## Totals of recorded files beside their devices' own; what reading an hour takes
	$(BIN)/python -m paceline_tools.bench.files

bench-archive: env ## What the archive of 3,000 workouts takes to be written, and to be taken
	$(BIN)/python -m paceline_tools.bench.archive

bench-apple: env ## Memory and CPU of reading an Apple Health export of 1 GB, made up
	$(BIN)/python -m paceline_tools.bench.apple_health

bench-duplicates: env ## Which recordings are told to be of one workout, and which of their near-duplicates
	$(BIN)/python -m paceline_tools.bench.duplicates

hardware: env ## Check the circuit; write parts list, wiring, schematic and the documents' tables from board.toml
	$(BIN)/python -m paceline_tools.hardware

build/kicad/.ready: locks/kicad.txt
	$(PYTHON) -m venv build/kicad
	build/kicad/bin/pip install --quiet --disable-pip-version-check --require-hashes -r locks/kicad.txt
	touch $@

KICAD_PYTHON ?= /usr/lib/python3/dist-packages
kicad: hardware build/kicad/.ready ## Have KiCad check and draw schematic and board: apt install kicad xvfb xdotool xclip x11-utils
	PATH=$(CURDIR)/build/kicad/bin:$$PATH PYTHONPATH=tools:$(KICAD_PYTHON) build/kicad/bin/python -m paceline_tools.hardware.kicad

build/cad/.ready: locks/enclosure.txt
	$(PYTHON) -m venv build/cad
	build/cad/bin/pip install --quiet --disable-pip-version-check --require-hashes -r locks/enclosure.txt
	touch $@

enclosure: build/cad/.ready ## Check and build the case: STL and STEP in build/enclosure (its CAD kernel takes 1 GB)
	PYTHONPATH=tools build/cad/bin/python -m paceline_tools.enclosure build/enclosure

flash: env ## Flash a wearable on USB: MICROPYTHON=image.bin SHA256=hash, DEVICE=serial port, KEYS=folder for its key
	$(BIN)/python -m paceline_tools.flashing flash $(if $(DEVICE),--port "$(DEVICE)") --micropython "$(MICROPYTHON)" \
		$(if $(SHA256),--sha256 "$(SHA256)") $(if $(KEYS),--keys "$(KEYS)")

lock: env ## Resolve the dependencies anew into locks/
	locks/compile

clean: ## Remove the environment and everything built (not the data)
	rm -rf $(VENV) build server/paceline_server/static/dist server/web/node_modules tools/wasm32/node_modules
