"""The pages under `docs/` name everything that people can set and type, and their links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from standins.discord.payload import Payload
from standins.discord.rules.command_rules import GROUP, SUBCOMMAND
from tests.stage import Stage
from tests.test_env_example import EXAMPLE

ROOT = Path(__file__).parents[1]
MEMBERS, MODERATORS, OPERATORS = (ROOT / "docs" / f"{page}.md" for page in ("members", "moderators", "operators"))
PAGES = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md")
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
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", OPERATORS.read_text(), re.MULTILINE)
    assert dict(rows) == {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}


async def test_every_command_and_option_is_explained(stage: Stage) -> None:
    """Whatever the bot registers with Discord is on the members' or on the moderators' page."""
    said = MEMBERS.read_text() + MODERATORS.read_text()
    words = set(re.findall(r"[\w]+", " ".join(re.findall(r"`[^`]*`", said))))
    async with stage.running():
        for command in stage.discord.world.commands.all():
            for typed, options in invocations(command.registered):
                assert typed in said
                assert options - LISTED_TOGETHER <= words, typed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    """A link to a file of the project is a link to a file that is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
