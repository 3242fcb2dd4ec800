# The recipes need the development tools, which `uv run` leaves out by default.
export UV_DEV = 1

.PHONY: quick test check format lock contracts benchmark plot soak playground screenshots reliability imitation messages discord.js next-discord.py pseudo

# The gate: all checks that a change has to pass.
check:
	bash .ci/run

# The fast checks: style, types, language and the unit tests.
UNITS = tests/benchmarks tests/bot tests/cogs tests/contracts tests/standins $(addprefix tests/test_, completeness.py depth.py docs.py english.py env_example.py reliability.py texts.py)
quick:
	@uv run ruff check
	@uv run ruff format --check
	@uv run mypy & types=$$!; \
	uv run pytest -q -n 2 -m "not journey and not browser and not postgres and not slow" $(UNITS); tests=$$?; \
	wait $$types && uv run lint-imports >/dev/null && exit $$tests

test:
	uv run pytest

format:
	uv run ruff check --fix
	uv run ruff format

# The Dockerfile's packages and build tools: versions and hashes, without addresses.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
lock:
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) --group build --output-file .ci/build-requirements.lock

# The platforms' OpenAPI documents, into the ignored folder contracts/, and what the stand-in for Discord takes from them.
contracts:
	uv run python -m tests.contracts
	uv run ruff format --quiet standins/discord/rules/facts.py standins/discord/rest/documented.py

# Speed and memory beside a floor, in about 20 minutes on a machine that does nothing else; QUICK=--quick only shows that it works.
QUICK ?=
benchmark:
	uv run python -m benchmarks $(QUICK)

# The plot of docs/performance.md.
plot:
	uv run python -m benchmarks --plot docs/images/answers.svg

# Hundreds of pictures with random faults and SIGKILLs; exit code 1 unless all ledgers agree at the end.
PICTURES ?= 500
SEED ?= 1
DATABASE ?= sqlite
soak:
	uv run python -m tests.faults.soak --pictures $(PICTURES) --seed $(SEED) --database $(DATABASE)

playground:
	uv run playground

# The screenshots and the moving picture (demo.webp) in the documents, from the current page.
screenshots:
	uv run python -m tests.browser.screenshots

# The tables of docs/reliability.md, from the marks on the tests.
reliability:
	uv run python -m tests.reliability

# The tables of docs/imitation.md, from the answers of the stand-ins.
imitation:
	uv run python -m tests.imitation

# The template and all languages in bot/locale, from the texts in the code and the commands.
messages:
	uv run python -m tests.messages

# Journeys in the pseudo-language, which find texts that aren't translated: a part for each change, and all at night.
PART = $(addprefix tests/journeys/test_, defaults.py mentions.py moderation.py refusals.py setup.py styles.py)
pseudo:
	PSEUDO=1 uv run pytest -q $(if $(NIGHTLY),tests/journeys,$(PART))

# The library of a bot in tests/foreign, into the ignored folder .node/.
discord.js:
	npm install --prefix .node --no-save --no-audit --no-fund discord.js@14.28.1

# The journeys with another version of discord.py than pyproject.toml allows, in an environment of their own.
DISCORD_PY ?= discord.py @ git+https://github.com/Rapptz/discord.py
TESTS ?= tests/bot/gateway tests/journeys tests/standins/discord
next-discord.py: export UV_PROJECT_ENVIRONMENT = .venv-next
next-discord.py:
	uv sync --quiet
	uv pip install --quiet --python .venv-next "$(DISCORD_PY)"
	uv run --no-sync python -c "import discord; print('discord.py', discord.__version__)"
	uv run --no-sync pytest $(TESTS)
