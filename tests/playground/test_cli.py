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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

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
    assert any("waiting for its turn" in line for line in lines)
    assert any("2 reference images · seed" in line for line in lines)
    assert lines[-1] == f"Saved {Path('pictures') / picture.name}"
    assert "\x1b" not in done.stdout


async def test_a_refusal_is_a_sentence_and_exit_code_1(tmp_path: Path, environment: dict[str, str]) -> None:
    """What the bot answers in private is printed, and there is no picture."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--aspect-ratio", "0:5", "--out", "mine")
    assert (done.code, done.stderr) == (1, "")
    assert "only you see this" in done.stdout
    assert "aspect_ratio is width to height" in done.stdout
    assert list((tmp_path / "mine").iterdir()) == []


async def test_a_prompt_that_the_model_refuses_is_exit_code_1(tmp_path: Path, environment: dict[str, str]) -> None:
    """The card that says why there is no picture is the last word."""
    done = await run(tmp_path, environment, "imagine", "a boat full of contraband")
    assert (done.code, done.stderr) == (1, "")
    assert "The model refused this prompt." in done.stdout
    assert list((tmp_path / "pictures").iterdir()) == []


async def test_wrong_usage_is_a_sentence_and_exit_code_2(tmp_path: Path, environment: dict[str, str]) -> None:
    """An option that does not exist is named beside those that the bot has registered."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--steps", "30")
    assert (done.code, done.stdout) == (2, "")
    assert "There is no option --steps." in done.stderr
    assert "--aspect-ratio, --resolution, --width, --height, --seed, --output-format" in done.stderr


async def test_one_can_play_on_from_the_picture(tmp_path: Path, environment: dict[str, str]) -> None:
    """What `--then` says is done with the latest picture, and what comes of it is shown and saved like the first."""
    done = await run(tmp_path, environment, "imagine", "a red boat", "--then", "remix:at night")
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "alice: presses Remix What to draw: at night" in lines
    assert lines[-1].startswith(f"Saved {Path('pictures') / 'at-night'}")
    assert len(list((tmp_path / "pictures").iterdir())) == 2


async def test_an_open_playground_says_where_it_is_and_ends_well(tmp_path: Path, environment: dict[str, str]) -> None:
    """It prints what a bot of one's own needs, serves until SIGTERM, and leaves no file behind."""
    kept = tmp_path / "temporary"
    kept.mkdir()
    process = await asyncio.create_subprocess_exec(
        *COMMAND, cwd=tmp_path, env=environment | {"TMPDIR": str(kept)}, stdout=PIPE
    )
    assert process.stdout is not None
    printed = (await process.stdout.readuntil(b"Ctrl-C closes the playground")).decode()
    assert list(kept.iterdir()) != []
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0
    for name in ("DISCORD_API_URL", "DISCORD_TOKEN", "APIFRAME_BASE_URL", "APIFRAME_API_KEY"):
        assert re.search(rf"^export {name}=\S+$", printed, re.MULTILINE)
    assert re.search(r"the bot's health +http://127.0.0.1:\d+/readyz", printed)
    assert list(kept.iterdir()) == []


async def test_a_terminal_shows_the_card_edited_in_place_and_then_the_picture(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """On a terminal with colours, the channel is drawn again and again, and ends with the picture in half blocks."""
    code, printed = await run_on_a_terminal(
        tmp_path, environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    )
    assert code == 0
    words = _CONTROL_CODE.sub("", printed)
    assert "waiting for its turn" in words
    assert words.count("drawing, ") > 3
    assert "\x1b[1A\x1b[2K" in printed
    picture = words.rindex("▀▀▀▀")
    assert words.rindex("drawing, ") < picture < words.rindex("@alice · seed")
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
