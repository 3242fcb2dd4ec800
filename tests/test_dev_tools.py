"""`uv run pytest` brings the development tools, which nothing else downloads."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """Return a program in place of uv, which prints what it is asked for."""
    program = tmp_path / "uv"
    program.write_text('#!/bin/sh\necho "$UV_DEV:" "$@"\n')
    program.chmod(0o700)
    return program


def pytest_run(*arguments: str, **variables: str) -> str:
    """Run pytest as the environment without the tools would, and return what it prints."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"UV", "UV_DEV"}}
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=inherited | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


def test_pytest_starts_again_with_the_tools(uv: Path) -> None:
    """Before anything else, the same command runs in an environment with the group `dev`."""
    assert pytest_run("tests/test_docs.py", "-k", "a b", UV=str(uv)) == "1: run pytest tests/test_docs.py -k a b\n"


@pytest.mark.parametrize("uv_of_the_run", [True, False])
def test_pytest_with_the_tools_just_runs(uv: Path, *, uv_of_the_run: bool) -> None:
    """Neither the second start nor a pytest without uv around it starts anything again."""
    variables = {"UV": str(uv), "UV_DEV": "1"} if uv_of_the_run else {}
    assert pytest_run("--version", "--version", **variables).count("run pytest") == 0


def test_no_tool_is_installed_by_default() -> None:
    """Running the bot or the playground downloads only pytest of the tools, which `uv run pytest` has to find."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    default = [package for name in project["tool"]["uv"]["default-groups"] for package in groups[name]]
    assert [package.partition(">")[0] for package in default] == ["imagine-bot-playground", "pytest"]
