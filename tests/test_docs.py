"""The pages under `docs/` name everything that people can set and type, and their links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.picture.params import FluxParams
from bot.privacy.results import LEDGER_KEPT_FOR
from bot.settings import Settings
from standins.apiframe.validation import DocumentedFlux, TableFlux
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import GROUP, SUBCOMMAND
from tests.stage import Stage
from tests.test_env_example import EXAMPLE

ROOT = Path(__file__).parents[1]
MEMBERS, MODERATORS, PRIVACY, SET_UP, RUNNING, API = (
    ROOT / "docs" / f"{page}.md"
    for page in ("members", "moderators", "privacy", "operators/set-up", "operators/running", "api")
)
PAGES = (*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md")))
LISTED_TOGETHER = {f"image{number}" for number in range(2, 8)}  # "`image1` to `image8`"


def invocations(command: Payload, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield each thing that can be typed, such as `limits words add`, and the names of its options."""
    here = f"{path} {command['name']}".strip()
    below = [option for option in command.get("options", []) if option["type"] in (SUBCOMMAND, GROUP)]
    if not below:
        yield here, {option["name"] for option in command.get("options", [])}
    for option in below:
        yield from invocations(option, here)


def test_every_setting_is_explained_with_its_default() -> None:
    """The operators' table has each setting of `.env.example`, in its order and with its default."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", SET_UP.read_text(), re.MULTILINE)
    assert dict(rows) == {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}


def test_the_days_on_the_privacy_page_are_those_of_the_code() -> None:
    """Files are kept for the setting's days by default; all other periods are the longest window of a limit."""
    page = PRIVACY.read_text()
    assert re.findall(r"(\d+) by default", page) == [str(Settings.model_fields["retention_days"].default)]
    assert set(re.findall(r"(\d+)\s+days", page)) == {str(LEDGER_KEPT_FOR.days)}


async def test_every_command_and_option_is_explained(stage: Stage) -> None:
    """Each command and option that the bot registers is on the members' or on the moderators' page."""
    said = MEMBERS.read_text() + MODERATORS.read_text()
    words = set(re.findall(r"[\w]+", " ".join(re.findall(r"`[^`]*`", said))))
    async with stage.running():
        for command in stage.discord.world.commands.all():
            for typed, options in invocations(command.registered):
                assert typed in said
                assert options - LISTED_TOGETHER <= words, typed


def logged_events() -> Iterator[str]:
    """Yield the first argument of each call of a logger: the event's name."""
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log")), args=[ast.Constant(value=str(event)), *_]):
                    yield event


def test_every_log_event_that_is_explained_exists() -> None:
    """An operator who looks for an event of the page finds it: each one is logged by that name."""
    section = RUNNING.read_text().partition("## Log events")[2].partition("\n## ")[0]
    explained = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", section))
    assert len(explained) > 30
    assert explained <= set(logged_events())


def test_every_parameter_of_apiframe_is_explained() -> None:
    """The page on the two formats has a row for each parameter, with the bot's use of it."""
    rows = re.findall(r"^\| (`.*?) \|.*\| (.+) \|$", API.read_text(), re.MULTILINE)
    explained = [name for names, _ in rows for name in re.findall(r"`(\w+)`", names)]
    assert sorted(explained) == sorted(DocumentedFlux.model_fields | TableFlux.model_fields)
    sent = {name for names, deed in rows if "never sends" not in deed for name in re.findall(r"`(\w+)`", names)}
    assert sent == {*FluxParams.model_fields, "input_images"}


def anchors(page: Path) -> set[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_class_of_the_glossary_exists() -> None:
    """A term with a class in parentheses names a class of the code."""
    named = set(re.findall(r"\(`([A-Z]\w+)`\)", (ROOT / "docs" / "glossary.md").read_text()))
    files = [file for folder in ("bot", "cogs") for file in (ROOT / folder).rglob("*.py")]
    classes = {name for file in files for name in re.findall(r"^class (\w+)", file.read_text(), re.MULTILINE)}
    assert len(named) > 10
    assert named <= classes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    """A link to a file or heading of the project is a link to one that is there."""
    for file, heading in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text()):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert not heading or target.suffix != ".md" or heading in anchors(target), heading


def test_the_readme_is_short() -> None:
    """The README has at most 700 words; everything else is in `docs/`."""
    assert len((ROOT / "README.md").read_text().split()) <= 700


def test_the_readme_runs_the_tests_like_the_gate() -> None:
    """The command of the README, and the one of the gate, are the same."""
    command = "pip install uv && uv run pytest"
    assert f"\n{command}\n" in (ROOT / "README.md").read_text()
    assert command in (ROOT / ".ci" / "run").read_text().replace("--quiet ", "")
