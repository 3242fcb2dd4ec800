.PHONY: test check format lock benchmark playground screenshots

# The gate: all that has to hold before a change lands.
check:
	bash .ci/run

test:
	uv run pytest

format:
	uv run ruff check --fix
	uv run ruff format

# What the Dockerfile installs: versions and hashes, and no addresses.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

benchmark:
	uv run python -m benchmarks

playground:
	uv run playground

# The pictures of the documents, from the page as it is now.
screenshots:
	uv run python -m tests.browser.screenshots
