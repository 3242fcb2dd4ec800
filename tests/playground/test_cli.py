"""The command `playground`, run as people run it: as a process of its own."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.journeys.languages import said

COMMAND = [sys.executable, "-m", "playground"]
_COLOUR_HINTS = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TERM")
_CONTROL_CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def environment() -> dict[str, str]:
    """Return an environment in which somebody has set up a bot of their own, which the playground must leave alone."""
    ours = {name: value for name, value in os.environ.items() if name not in _COLOUR_HINTS}
    return ours | {"DISCORD_TOKEN": "theirs", "DISCORD_API_URL": "http://127.0.0.1:9", "DATABASE_URL": "mysql://theirs"}


@dataclass(frozen=True)
class Done:
    """How a process ended, and all that it printed."""

    code: int | None
    stdout: str
    stderr: str


async def run(folder: Path, environment: Mapping[str, str], *words: str) -> Done:
    """Run `playground` in `folder` with its output going into pipes."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE
    )
    stdout, stderr = await process.communicate()
    return Done(process.returncode, stdout.decode(), stderr.decode())


@pytest.mark.slow
async def test_one_command_leads_to_a_picture_in_a_folder(tmp_path: Path, environment: dict[str, str]) -> None:
    """The picture has the shape and size that was asked for, and plain lines tell its way."""
    for name, colour in (("first.png", "red"), ("second.png", "blue")):
        Image.new("RGB", (64, 48), colour).save(tmp_path / name)
    options = ["--aspect-ratio", "16:9", "--resolution", "2 MP", "--image", "first.png", "--image", "second.png"]
    done = await run(tmp_path, environment, "imagine", "a red boat at dawn", *options)
    assert (done.code, done.stderr) == (0, "")
    [picture] = (tmp_path / "pictures").iterdir()
    with Image.open(picture) as image:
        assert image.width / image.height == pytest.approx(16 / 9, rel=0.02)
        assert image.width * image.height == pytest.approx(2_000_000, rel=0.1)
    lines = done.stdout.splitlines()
    typed = "prompt: a red boat at dawn aspect_ratio: 16:9 resolution: 2 MP image1: first.png image2: second.png"
    assert lines[0] == f"alice: /imagine {typed}"
    assert any("In queue" in line for line in lines)
    assert any("@alice · 16:9 · " in line for line in lines)
    assert lines[-1] == f"Saved {Path('pictures') / picture.name}"
    assert "\x1b" not in done.stdout


async def test_the_member_may_speak_another_language(tmp_path: Path, environment: dict[str, str]) -> None:
    """The card is in it."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--locale", "ja")
    assert done.code == 0
    assert said("ja", "Reroll") in done.stdout
    wrong = await run(tmp_path, environment, "imagine", "a red boat", "--locale", "tlh")
    assert (wrong.code, "--locale" in wrong.stderr) == (2, True)


@pytest.mark.slow
async def test_the_member_plays_on_in_another_language(tmp_path: Path, environment: dict[str, str]) -> None:
    """By a reaction and a reply; with a button, nothing is drawn."""
    words = ("imagine", "a red boat", "--locale", "ja", "--then")
    done = await run(tmp_path, environment, *words, "react", "--then", "reply:at night")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.count("Saved ") == 3
    assert said("ja", "Reroll") in done.stdout
    assert "Reroll" not in done.stdout
    wrong = await run(tmp_path, environment, *words, "reroll")
    assert (wrong.code, wrong.stdout, "--locale en-US" in wrong.stderr) == (2, "", True)


async def test_a_bot_of_ones_own_is_left_alone(tmp_path: Path, environment: dict[str, str]) -> None:
    """A `.env` in the folder, with a bucket and limits, is for their own bot."""
    (tmp_path / ".env").write_text("IMAGE_STORE_URL=s3://theirs/pictures\nAWS_ENDPOINT_URL=http://127.0.0.1:9\n")
    done = await run(tmp_path, environment | {"LIMITS__IMAGES_PER_DAY": "0"}, "imagine", "a red boat")
    assert (done.code, done.stderr) == (0, "")


async def test_a_refusal_is_a_sentence_and_exit_code_1(tmp_path: Path, environment: dict[str, str]) -> None:
    """The bot's private response is printed, and there is no picture."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--aspect-ratio", "0:5", "--out", "mine")
    assert (done.code, done.stderr) == (1, "")
    assert "only you see this" in done.stdout
    assert "aspect_ratio is width to height" in done.stdout
    assert list((tmp_path / "mine").iterdir()) == []


async def test_a_prompt_that_the_model_refuses_is_exit_code_1(tmp_path: Path, environment: dict[str, str]) -> None:
    """The card that says why there is no picture is the last word."""
    done = await run(tmp_path, environment, "imagine", "a boat full of contraband")
    assert (done.code, done.stderr) == (1, "")
    assert "The model refused this prompt" in done.stdout
    assert list((tmp_path / "pictures").iterdir()) == []


async def test_a_style_of_the_demo_server_is_there_to_be_used(tmp_path: Path, environment: dict[str, str]) -> None:
    """The card names it; a name that isn't there is refused with those that are."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--style", "poster")
    assert (done.code, done.stderr) == (0, "")
    assert "style poster" in done.stdout
    done = await run(tmp_path, environment, "imagine", "a red boat", "--style", "postcard")
    assert done.code == 1
    assert "The nearest names: poster" in done.stdout


async def test_wrong_usage_is_a_sentence_and_exit_code_2(tmp_path: Path, environment: dict[str, str]) -> None:
    """An option that does not exist is named beside those that the bot has registered."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--steps", "30")
    assert (done.code, done.stdout) == (2, "")
    assert "There is no option --steps." in done.stderr
    assert "--aspect-ratio, --resolution, --width, --height, --seed, --output-format" in done.stderr


@pytest.mark.slow
async def test_one_can_play_on_from_the_picture(tmp_path: Path, environment: dict[str, str]) -> None:
    """The actions of `--then` apply to the latest picture, and their results are shown and saved like the first."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--then", "remix:at night")
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "alice: presses Remix What to draw: at night" in lines
    assert lines[-1].startswith(f"Saved {Path('pictures') / 'at-night'}")
    assert len(list((tmp_path / "pictures").iterdir())) == 2


async def test_an_open_playground_prints_one_address_and_ends_well(tmp_path: Path, environment: dict[str, str]) -> None:
    """The page is at the one address that is printed, the bot gets ready behind it, and SIGTERM leaves no file."""
    async with _open(tmp_path, environment, "--port", "0") as playground:
        [address] = re.findall(r"http://\S+", playground.printed)
        async with aiohttp.ClientSession() as browser, asyncio.timeout(20), browser.get(address) as page:
            assert page.status == 200
            assert "Harbour" in await page.text()
    assert playground.process.returncode == 0
    assert list(playground.kept.iterdir()) == []


async def test_without_the_bot_it_says_what_a_bot_of_ones_own_needs(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """The lines can be put into a shell as they are printed."""
    async with _open(tmp_path, environment, "--port", "0", "--without-bot", until=b"imagine-bot run") as playground:
        for name in ("DISCORD_API_URL", "DISCORD_TOKEN", "APIFRAME_BASE_URL", "APIFRAME_API_KEY"):
            assert re.search(rf"^export {name}=\S+$", playground.printed, re.MULTILINE)


async def test_a_second_playground_finds_an_address_of_its_own(tmp_path: Path, environment: dict[str, str]) -> None:
    """If the port is taken, the page opens at a free one and says so."""
    async with _open(tmp_path / "first", environment, "--port", "0", "--without-bot") as first:
        [taken] = re.findall(r"127\.0\.0\.1:(\d+)", first.printed.split("To connect your own bot")[0])
        async with _open(tmp_path / "second", environment, "--port", taken, "--without-bot") as second:
            assert f":{taken}/" not in second.printed


@dataclass(frozen=True)
class Open:
    """A playground that is open: its process, what it printed, and where its temporary files are."""

    process: asyncio.subprocess.Process
    printed: str
    kept: Path


@asynccontextmanager
async def _open(
    folder: Path, environment: Mapping[str, str], *words: str, until: bytes = b"Press Ctrl-C to close it"
) -> AsyncIterator[Open]:
    """Open the playground until the block ends, and then close it as a supervisor does."""
    kept = folder / "temporary"
    kept.mkdir(parents=True)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, cwd=folder, env={**environment, "TMPDIR": str(kept)}, stdout=PIPE
    )
    assert process.stdout is not None
    try:
        yield Open(process, (await process.stdout.readuntil(until)).decode(), kept)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()


async def test_a_terminal_shows_the_card_edited_in_place_and_then_the_picture(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """On a terminal with colours, the channel is drawn again and again, and ends with the picture in half blocks."""
    code, printed = await run_on_a_terminal(
        tmp_path, environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    )
    assert code == 0
    words = _CONTROL_CODE.sub("", printed)
    assert "In queue" in words
    assert words.count("Drawing ") > 3
    assert "\x1b[1A\x1b[2K" in printed
    picture = words.rindex("▀▀▀▀")
    assert words.rindex("Drawing ") < picture < words.rindex("@alice · ")
    [saved] = (tmp_path / "pictures").iterdir()
    assert words.rstrip().endswith(f"Saved {Path('pictures') / saved.name}")


async def run_on_a_terminal(folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Draw a picture on a terminal of 100 x 40 characters, and return the exit code and all that was written to it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "imagine", "a red boat", cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    printed = await asyncio.to_thread(_read_all, ours)
    return await process.wait(), printed.decode()


def _read_all(terminal: int) -> bytes:
    with open(terminal, "rb", buffering=0) as stream:
        read = b""
        while True:
            try:
                read += stream.read(65536)
            except OSError:  # what Linux says when nobody has the other end any more
                return read
