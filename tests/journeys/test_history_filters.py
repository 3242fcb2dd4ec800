"""The member with many pictures, who narrows the history down and downloads the rest."""

import io
import json
import sqlite3
import zipfile

import pytest

from bot.generation.history_archive import HistoryArchive
from bot.picture.history_filter import DAYS_MAX, HistoryFilter
from bot.runner import BotRunner
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, guessed_button, pressed, private_answer
from tests.journeys.test_history import history, listed
from tests.journeys.test_privacy import draws
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot

NASTY = "'; DROP TABLE generations; -- %_\\ *bold* <@1> `code`"


async def test_a_channel_narrows_the_history_down(stage: Stage) -> None:
    """A thread is a channel of its own; the choice stays while paging."""
    elsewhere = stage.guild.add_channel("elsewhere")
    thread = stage.channel.add_thread("boats")
    async with stage.running():
        for number in range(7):
            await draws(stage, stage.alice, f"boat {number}")
        for place, prompt in ((elsewhere, "a dog"), (thread, "a cat")):
            await stage.picture(await stage.alice.types("/imagine", place, prompt=prompt))
        await stage.settled()
        assert listed(await history(stage, stage.alice, channel=elsewhere)) == ["a dog"]
        assert listed(await history(stage, stage.alice, channel=thread)) == ["a cat"]
        page = await history(stage, stage.alice, channel=stage.channel)
        assert f"<#{stage.channel.id}>" in page.text
        assert "7 pictures · page 1 of 2" in page.text
        await changed(stage, await stage.alice.presses(page, "▶️"), "page 2 of 2")
        assert listed(page) == ["boat 0"]


@pytest.mark.own_bot
async def test_days_narrow_the_history_down(stage: Stage) -> None:
    """Days are times 24 hours before now, and go together with words."""
    async with stage.running():
        for prompt in ("an old boat", "a new boat", "a new dog"):
            await draws(stage, stage.alice, prompt)
    with sqlite3.connect(stage.folder / "imagine.db") as database:
        old = "UPDATE generations SET created_at = datetime(created_at, '-49 hours') WHERE prompt LIKE '%old%'"
        database.execute(old)
    database.close()
    async with stage.running():
        assert listed(await history(stage, stage.alice, days=2)) == ["a new dog", "a new boat"]
        assert listed(await history(stage, stage.alice, days=3, words="boat")) == ["a new boat", "an old boat"]


@pytest.mark.parametrize("days", [0, -1, 4000, 2**40])
async def test_days_that_make_no_sense_are_refused_with_the_bounds(stage: Stage, days: int) -> None:
    """The sentence says what to type instead."""
    async with stage.running():
        assert f"from 1 to {DAYS_MAX}" in (await history(stage, stage.alice, days=days)).text


async def test_words_with_sql_and_markdown_find_what_they_say(stage: Stage) -> None:
    """They are looked for as they are, and shown without an effect."""
    async with stage.running():
        await draws(stage, stage.alice, f"a boat {NASTY[:40]}")
        await draws(stage, stage.alice, "a dog")
        assert len(listed(await history(stage, stage.alice, words=NASTY[:40]))) == 1
        none = await history(stage, stage.alice, words="*bold* <@1> `x` % _")
        assert "No pictures here with: words" in none.text
        assert "\\*bold\\* \\<\\@1\\>" in none.text


async def test_a_filter_without_pictures_says_which_it_was(stage: Stage) -> None:
    """Every part of it is named, also below a download."""
    async with stage.running():
        await draws(stage, stage.alice, "a dog")
        for download in (False, True):
            none = await history(
                stage, stage.alice, words="boat", days=3, favourites=True, channel=stage.channel, download=download
            )
            assert is_private(none)
            for part in ("favourites", f"<#{stage.channel.id}>", "the last 3 days", "words **boat**"):
                assert part in none.text


async def test_a_guessed_filter_shows_nothing_of_others(stage: Stage) -> None:
    """Neither pages nor downloads, whatever numbers stand in a button's id."""
    bob = stage.joins("bob")
    async with stage.running():
        await draws(stage, stage.alice, "a dog")
        for guess in (f"h:{stage.alice.id:x}:0:f::::", f"z:{stage.alice.id:x}:0:f::::"):
            button = guessed_button(stage, stage.channel, guess)
            assert "can see their favourites" in (await pressed(stage, bob, button, "guessed")).text
        button = guessed_button(stage, stage.channel, f"z:{stage.alice.id:x}:0:::::")
        assert "Only moderators" in (await pressed(stage, bob, button, "guessed")).text
        button = guessed_button(stage, stage.channel, f"z:{bob.id:x}:0::{'f' * 16}:9999:{'f' * 9}:")
        assert "No pictures here" in (await pressed(stage, bob, button, "guessed")).text


def unzipped(answer: Message) -> dict[str, bytes]:
    """Return the files of a download by their names."""
    [attachment] = answer.attachments
    with zipfile.ZipFile(io.BytesIO(attachment.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_download_has_the_filtered_pictures_and_how_they_were_made(stage: Stage) -> None:
    """Privately, by the command's option and by the page's button, with private pictures for their member."""
    async with stage.running():
        boat = await draws(stage, stage.alice, "a boat", seed=7)
        await draws(stage, stage.alice, "a private boat", private=True)
        await draws(stage, stage.alice, "a dog")
        answer = await history(stage, stage.alice, words="boat", download=True)
        page = await history(stage, stage.alice, words="boat")
        again = await private_answer(stage, await stage.alice.presses(page, "Download"))
    assert is_private(answer)
    assert is_private(again)
    files = unzipped(answer)
    assert files == unzipped(again)
    first, second = json.loads(files["pictures.json"])
    assert (first["prompt"], first["options"], second["prompt"]) == ("a boat", {"seed": 7}, "a private boat")
    assert files[first["file"]] == boat.attachments[0].read()
    assert len(files) == 3
    assert "**Pictures 1 to 2 of 2**, oldest first" in answer.text


async def test_a_moderators_download_has_no_private_pictures(stage: Stage) -> None:
    """They may download the pictures that they may look at."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_GUILD)])
    async with stage.running():
        await draws(stage, stage.alice, "a boat")
        await draws(stage, stage.alice, "a private boat", private=True)
        answer = await history(stage, moderator, member=stage.alice, download=True)
    assert [each["prompt"] for each in json.loads(unzipped(answer)["pictures.json"])] == ["a boat"]
    assert "**Picture 1 of 1**" in answer.text


async def test_a_large_download_comes_in_parts(stage: Stage) -> None:
    """Each keeps within the limit, none repeats or misses a picture, and images that can't come along are counted."""
    async with stage.running() as bot:
        for number in range(4):
            await draws(stage, stage.alice, f"boat {number}")
        sizes = [file.stat().st_size for file in (stage.folder / "images").rglob("*.*")]
        parts = await all_parts(bot, stage, 101_500 + 2 * max(sizes) + 1500)
        assert [prompts for prompts, _ in parts] == [["boat 0", "boat 1"], ["boat 2", "boat 3"]]
        assert [missing for _, missing in parts] == [(0, 0), (0, 0)]
        [(prompts, missing)] = await all_parts(bot, stage, 103_000)
        assert (len(prompts), missing) == (4, (0, 4))
        for file in (stage.folder / "images").rglob("*.*"):
            file.unlink()
        [(prompts, missing)] = await all_parts(bot, stage, 10_000_000)
        assert (len(prompts), missing) == (4, (4, 0))


async def all_parts(bot: BotRunner, stage: Stage, limit_bytes: int) -> list[tuple[list[str], tuple[int, int]]]:
    """Return the prompts of each part, and how many images are gone and too large."""
    archive: HistoryArchive = bot.services.history_archive
    found, first, is_last = [], 0, False
    while not is_last:
        async with archive.part(
            f"guild:{stage.guild.id}",
            HistoryFilter(stage.alice.id),
            first,
            viewer_id=stage.alice.id,
            limit_bytes=limit_bytes,
            report=lambda *_: None,
        ) as part:
            assert part is not None
            assert part.path.stat().st_size <= limit_bytes
            with zipfile.ZipFile(part.path) as opened:
                made = json.loads(opened.read("pictures.json"))
        found.append(([each["prompt"] for each in made], (part.gone, part.too_large)))
        first, is_last = part.after, part.is_last
    return found
