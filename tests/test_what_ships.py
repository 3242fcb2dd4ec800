"""The wheel and the container contain the bot, without the stand-ins and the playground."""

import re
import subprocess
import sys
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.messages.files import LANGUAGES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MODULES = {
    "backports-zstd": "backports",
    "discord-py": "discord",
    "imagine-bot": "bot",
    "markdown-it-py": "markdown_it",
    "pillow": "pil",
    "python-dotenv": "dotenv",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Build the wheel as the Dockerfile and a release do."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return ZipFile(next(folder.glob("*.whl")))


def metadata(wheel: ZipFile) -> Message:
    """Read what the wheel says about itself."""
    return message_from_bytes(wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA"))))


def package_names(requirements: list[str]) -> set[str]:
    """Return the names of packages, without versions and extras."""
    return {re.split(r"[^\w.-]", requirement)[0].lower().replace(".", "-") for requirement in requirements}


def test_the_wheel_holds_only_the_bot(wheel: ZipFile) -> None:
    """A production machine gets `bot` and `cogs`: no stand-in, no playground and no test."""
    top_level = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in top_level if not name.endswith(".dist-info")} == {"bot", "cogs"}


def test_the_wheel_holds_what_a_deep_check_expects(wheel: ZipFile) -> None:
    """`imagine-bot check --deep` compares with a table that ships, and needs no document and no stand-in."""
    assert "bot/deep_check/shapes.json" in wheel.namelist()


def test_the_wheel_holds_every_language(wheel: ZipFile) -> None:
    """An installation reads compiled catalogues, and checks LOCALE_DIR against the template."""
    compiled = {f"bot/locale/{language}/LC_MESSAGES/messages.mo" for language in LANGUAGES}
    assert compiled | {"bot/locale/messages.pot"} <= set(wheel.namelist())


def test_the_wheel_has_one_command(wheel: ZipFile) -> None:
    """Installing the bot adds `imagine-bot` to the path, and nothing else."""
    entry_points = next(name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert wheel.read(entry_points).decode().split() == ["[console_scripts]", "imagine-bot", "=", "bot.__main__:main"]


def test_the_wheel_requires_what_its_metadata_lists(wheel: ZipFile) -> None:
    """The wheel asks for the packages of the project's table of dependencies, and for no group of tools."""
    assert package_names(metadata(wheel).get_all("Requires-Dist", [])) == package_names(PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("project", "folders"),
    [("pyproject.toml", ("bot", "cogs")), ("playground/pyproject.toml", ("playground", "standins"))],
)
def test_every_dependency_is_imported(project: str, folders: tuple[str, ...]) -> None:
    """A package that a project requires is imported by the project: nothing is downloaded for nothing."""
    required = package_names(tomllib.loads((ROOT / project).read_text())["project"]["dependencies"])
    sources = "\n".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    imported = {name.lower() for name in re.findall(r"^\s*(?:from|import) (\w+)", sources, re.MULTILINE)}
    assert {name for name in required if MODULES.get(name, name.replace("-", "_")) not in imported} == set()


def test_the_container_installs_nothing_that_only_builds_or_plays() -> None:
    """The lock file of the container has neither the build's tools, nor the tests', nor the playground's own."""
    locked = package_names(re.findall(r"^\S.*", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert package_names(PROJECT["dependencies"]) <= locked
    assert locked.isdisjoint({"hatchling", "jinja2", "pytest", "imagine-bot-playground"})
