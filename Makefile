# The recipes want the development tools, which `uv run` leaves out by itself.
export UV_DEV = 1

.PHONY: quick test check format lock contracts benchmark soak playground screenshots reliability

# The gate: all that has to hold before a change lands.
check:
	bash .ci/run

# What can be known within half a minute: style, types and the unit tests.
UNITS = tests/bot tests/cogs tests/contracts tests/standins tests/test_english.py tests/test_docs.py tests/test_reliability.py
quick:
	@uv run ruff check
	@uv run ruff format --check
	@uv run mypy & types=$$!; \
	uv run pytest -q -n 2 -m "not journey and not browser and not postgres and not slow" $(UNITS); tests=$$?; \
	wait $$types && exit $$tests

test:
	uv run pytest

format:
	uv run ruff check --fix
	uv run ruff format

# What the Dockerfile installs, and what it builds with: versions and hashes, and no addresses.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
lock:
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) --group build --output-file .ci/build-requirements.lock

# The platforms' OpenAPI documents, into the ignored folder contracts/, and what the stand-in for Discord takes from them.
contracts:
	uv run python -m tests.contracts
	uv run ruff format --quiet standins/discord/rules/facts.py

benchmark:
	uv run python -m benchmarks

# Hundreds of pictures through faults on every side and SIGKILLs; exit code 1 unless all books agree at the end.
PICTURES ?= 500
SEED ?= 1
DATABASE ?= sqlite
soak:
	uv run python -m tests.faults.soak --pictures $(PICTURES) --seed $(SEED) --database $(DATABASE)

playground:
	uv run playground

# The pictures of the documents, from the page as it is now.
screenshots:
	uv run python -m tests.browser.screenshots

# The tables of docs/reliability.md, from the marks on the tests.
reliability:
	uv run python -m tests.reliability
