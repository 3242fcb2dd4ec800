"""A person's stored data: its export, and its deletion, with a correct ledger."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any, LiteralString

import pytest

from bot.runner import BotRunner
from standins.apiframe.jobs import Pace
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.images import photo
from tests.journeys.answers import changed, from_more, guessed_button, pressed, private_answer
from tests.promises import Attack, DeletionFault
from tests.stage import GENERATION, QUICK, Stage, has_picture, is_private

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock
DELETE = "Delete everything"


async def draws(stage: Stage, who: Person, prompt: str = "a red boat", **options: OptionValue) -> Message:
    """Make a person draw a picture, and return its message once it's settled."""
    picture = await stage.picture(await stage.imagine_as(who, prompt, **options))
    await stage.settled()
    return picture


async def asks(
    stage: Stage, who: Person, command: str, channel: Channel | None = None, **options: OptionValue
) -> Message:
    """Make a person type a command, and return the private response."""
    answer = await private_answer(stage, await who.types(command, channel or stage.channel, **options))
    assert is_private(answer)
    return answer


async def sees_only(stage: Stage, who: Person, *pictures: Message, channel: Channel | None = None) -> None:
    """Wait until the bot's public pictures that somebody sees in a channel are these, and no others."""

    def seen() -> list[Message]:
        messages = (channel or stage.channel).messages_for(who)
        return [each for each in messages if each.author.bot and has_picture(each) and not is_private(each)]

    await stage.discord.world.until(lambda: seen() == list(pictures))


async def is_forgotten(stage: Stage, who: Person, channel: Channel | None = None) -> Message:
    """Make a person delete everything, and return the response."""
    question = await asks(stage, who, "/privacy delete", channel)
    return await changed(stage, await who.presses(question, DELETE), "**Deleted.**")


def unpacked(answer: Message) -> dict[str, bytes]:
    """Return the files of an export by their names."""
    [attachment] = answer.attachments
    with zipfile.ZipFile(io.BytesIO(attachment.read())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(stage: Stage, query: LiteralString) -> list[tuple[Any, ...]]:
    """Return what a query finds in the database."""
    return stage.rows(query)


def everything_written(folder: Path) -> bytes:
    """Return the bytes of all files of the bot, except for space that databases have freed and not overwritten."""
    for file in folder.glob("*.db"):
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
        database.close()
    return b"\n".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_a_copy_has_everything_and_nothing_of_others(stage: Stage) -> None:
    """One file with the words, choices, figures and image bytes of the person, from all servers, and no secret."""
    bob = stage.joins("bob")
    image = photo("mine.png", "blue")
    async with stage.running():
        picture = await draws(stage, stage.alice, "a blue boat", image1=image, seed=7)
        await draws(stage, bob, "bob's own boat")
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
    [row] = json.loads(files["pictures-1.json"])
    assert (row["prompt"], row["params"], row["message_id"]) == ("a blue boat", {"seed": 7}, picture.id)
    assert row["credits"] == stage.jobs()[0].cost
    [hour] = json.loads(files["you.json"])["usage_by_hour"]
    assert (hour["pictures"], hour["credits"]) == (1, row["credits"])
    assert "interaction_token" not in row
    assert files[f"images/{row['image_key']}"] == picture.attachments[0].read()
    assert files[f"images/{row['references'][0]['key']}"] == image.content
    assert b"bob" not in b"".join(files.values())


async def test_a_copy_has_what_moderators_set_for_the_person_and_what_was_refused(stage: Stage) -> None:
    """Blocks with their reason, limits, the changes that made them, without who made them, and every refusal."""
    owner = stage.discord.person(stage.guild.owner)
    async with stage.running():
        await asks(stage, owner, "/limits member", member=stage.alice, images_per_day=0)
        refused = await private_answer(stage, await stage.imagine("a boat"))
        assert is_private(refused)
        await asks(stage, owner, "/limits block", member=stage.alice, reason="enough")
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
        of_owner = json.loads(unpacked(await asks(stage, owner, "/privacy export"))["you.json"])
    kept = json.loads(files["you.json"])
    assert [each["rule"] for each in kept["refusals"]] == ["images_per_day"]
    [rules] = kept["limits_and_blocks_set_for_you"]
    assert rules["members"]["limits"] == {"images_per_day": 0}
    assert rules["blocked"]["reason"] == "enough"
    assert len(kept["changes_about_you"]) == 2
    assert str(owner.id).encode() not in files["you.json"]
    assert [each["command"] for each in of_owner["changes_by_you"]] == ["/limits member", "/limits block"]


async def test_a_copy_too_large_for_one_file_comes_in_parts(stage: Stage) -> None:
    """Every image is in one of the parts, and a part that there is not is said so."""
    async with stage.running() as bot:
        for number in range(3):
            await draws(stage, stage.alice, f"boat {number}", resolution="4")
        limit = 110_000 + max(file.stat().st_size for file in kept_images(stage))
        parts = [await names_in_part(bot, stage.alice, number, limit) for number in (1, 2, 3)]
        assert "Leave out `part`" in (await asks(stage, stage.alice, "/privacy export", part=9)).text
    names = [name for part in parts for name in part]
    kept = {f"images/{key}" for (key,) in rows(stage, "SELECT image_key FROM generations")}
    assert sorted(names) == sorted({"you.json", "pictures-1.json"} | kept)


async def names_in_part(bot: BotRunner, who: Person, number: int, limit_bytes: int) -> list[str]:
    """Return the names in one part of an export, and check that Discord accepts its size."""
    async with bot.services.exporter.export(who.id, number, limit_bytes) as export:
        assert export.path.stat().st_size <= limit_bytes
        assert export.parts == 3
        with zipfile.ZipFile(export.path) as archive:
            return archive.namelist()


def kept_images(stage: Stage) -> list[Path]:
    return [file for file in (stage.folder / "images").rglob("*") if file.is_file()]


async def test_images_that_cannot_come_along_are_counted(stage: Stage) -> None:
    """Images that have expired, or that are too large for Discord, are counted with the reason."""
    async with stage.running() as bot:
        await draws(stage, stage.alice, "first")
        await draws(stage, stage.alice, "second")
        async with bot.services.exporter.export(stage.alice.id, 1, 110_000) as export:
            assert (export.too_large, export.gone) == (2, 0)
        [(key,), _] = rows(stage, "SELECT image_key FROM generations ORDER BY created_at")
        (stage.folder / "images" / key).unlink()
        answer = await asks(stage, stage.alice, "/privacy export")
        assert "1 image is missing because it's no longer stored" in answer.text


async def test_deleting_asks_first_and_leaves_no_trace(stage: Stage) -> None:
    """Words, links, files, notes of the work and messages go, after a restart too; what others did stays."""
    bob = stage.joins("bob")
    async with stage.running():
        await draws(stage, stage.alice, "a very secret harbour", image1=photo("mine.png", "blue"))
        await draws(stage, stage.alice, "a private harbour", private=True)
        kept = await draws(stage, bob, "bob's own boat")
        question = await asks(stage, stage.alice, "/privacy delete")
        assert "can't be undone" in question.text
        assert len(stage.pictures()) == 3
    async with stage.running():
        await changed(stage, await stage.alice.presses(question, DELETE), "**Deleted.**")
        await sees_only(stage, bob, kept)
        assert "Use `/imagine`" in (await asks(stage, stage.alice, "/history")).text
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
        assert [name for name in files if name.startswith("images/")] == []
        await asks(stage, bob, "/history")
    assert len(kept_images(stage)) == 1
    written = everything_written(stage.folder)
    for trace in (b"secret harbour", b"private harbour", b"mine.png", *(job.id.encode() for job in stage.jobs()[:2])):
        assert trace not in written
    assert b"bob's own boat" in written


@pytest.mark.own_bot
async def test_the_question_has_two_lists_and_a_way_back(stage: Stage) -> None:
    """It lists the deleted and the kept data, and says why; Cancel deletes nothing, after a restart too."""
    async with stage.running():
        picture = await draws(stage, stage.alice)
        question = await asks(stage, stage.alice, "/privacy delete")
        assert [button["label"] for button in question.buttons] == [DELETE, "Cancel"]
        deleted, kept = question.text.split("**Deleted**")[1].split("**Kept**")
        assert deleted.count("\n- ") == 4
        assert kept.count("\n- ") == kept.count("because") + kept.count("so nobody can unblock") == 3
    async with stage.running():
        await changed(stage, await stage.alice.presses(question, "Cancel"), "Nothing was changed")
        assert question.buttons == []
        assert stage.pictures() == [picture]
    assert rows(stage, "SELECT count(*) FROM erasures") == [(0,)]


@pytest.mark.promise(Attack.DELETE_TO_RESET)
async def test_deleting_is_no_way_around_a_limit(stage: Stage) -> None:
    """Usage still counts, for the member and for the server, and a block still applies."""
    owner = stage.discord.person(stage.guild.owner)
    async with stage.running():
        await asks(stage, owner, "/limits everyone", images_per_day=1)
        await draws(stage, stage.alice)
        before = (await asks(stage, stage.alice, "/quota")).text
        await is_forgotten(stage, stage.alice)
        assert (await asks(stage, stage.alice, "/quota")).text == before
        assert "1 of 1 used" in (await private_answer(stage, await stage.imagine("another"))).text
        await asks(stage, owner, "/limits block", member=stage.alice, reason="enough")
        await is_forgotten(stage, stage.alice)
        assert "enough" in (await private_answer(stage, await stage.imagine("another"))).text
    [(charged,)] = rows(stage, "SELECT sum(credits) FROM generations")
    assert charged == stage.apiframe.charged


@pytest.mark.promise(DeletionFault.UNFINISHED_PICTURES)
async def test_what_waits_is_refunded_and_what_is_drawn_goes_when_it_is_done(stage: Stage) -> None:
    """Nothing is ordered or written after the deletion, and the picture that was paid for is taken away as well."""
    stage.apiframe.pace = SLOW
    one_at_a_time = GENERATION | {"concurrency": 1, "concurrency_per_server": 1}
    async with stage.running(generation=one_at_a_time) as bot:
        await stage.imagine("first")
        await stage.discord.world.until(stage.orders)
        await stage.imagine("second")
        told = (await is_forgotten(stage, stage.alice)).text
        assert "1 waiting request was cancelled and refunded." in told
        assert "1 picture is being drawn right now." in told
        stage.apiframe.pace = QUICK
        stage.clock.wind(SLOW.drawing)
        await stage.show_pictures(1)
        await stage.settled()
        await bot.services.erasure.go_on()
        assert stage.pictures() == []
        await draws(stage, stage.joins("bob"), "third")
    assert [order["prompt"] for order in stage.orders()] == ["first", "third"]
    assert rows(stage, "SELECT prompt, credits FROM generations ORDER BY created_at")[:2] == [
        ("(deleted)", stage.jobs()[0].cost),
        ("(deleted)", 0),
    ]
    said = "".join(message.text for message in stage.channel.messages_for(stage.alice))
    assert "moderator" not in said


@pytest.mark.promise(DeletionFault.SHARED_FILES)
async def test_files_that_somebody_else_uses_stay(stage: Stage) -> None:
    """A picture that was made from the person's own keeps its reference, and says no more where it comes from."""
    bob = stage.joins("bob")
    async with stage.running():
        parent = await draws(stage, stage.alice, "a lighthouse")
        form = await bob.presses(parent, "Edit")
        await form.answered()
        edit = await stage.picture(await bob.submits(form, {"What should change?": "at night"}))
        await stage.settled()
        await is_forgotten(stage, stage.alice)
        await sees_only(stage, bob, edit)
        details = await from_more(stage, bob, edit, "Details")
        assert "Made from: deleted picture" in details.text
        assert "lighthouse" not in details.text
        await stage.picture(await bob.presses(edit, "Reroll"))
    assert len(stage.jobs()[-1].references) == 1


@pytest.mark.promise(Attack.FOREIGN_DELETE)
async def test_the_button_is_no_use_to_anybody_else(stage: Stage) -> None:
    """A forged id deletes nothing."""
    mallory = stage.joins("mallory", roles=[stage.guild.add_role("all", Permission.ADMINISTRATOR)])
    async with stage.running():
        picture = await draws(stage, stage.alice)
        guess = guessed_button(stage, stage.channel, f"privacy:forget:{stage.alice.id}")
        assert "another member" in (await pressed(stage, mallory, guess, "guessed")).text
        assert stage.pictures() == [picture]
    assert rows(stage, "SELECT count(*) FROM erasures") == [(0,)]


@pytest.mark.promise(DeletionFault.DELETIONS_REJECTED)
async def test_messages_wait_for_discord(stage: Stage) -> None:
    """If Discord is down, the texts and files are deleted immediately, and the messages after a restart."""
    async with stage.running():
        await draws(stage, stage.alice, "a secret harbour")
        stage.discord.faults.next("DELETE", "/channels/*/messages/*", times=99, status=503)
        await is_forgotten(stage, stage.alice)
        assert rows(stage, "SELECT prompt FROM generations") == [("(deleted)",)]
    assert len(stage.pictures()) == 1
    stage.discord.faults.clear()
    async with stage.running():
        await stage.discord.world.until(lambda: not stage.pictures())


async def test_a_message_that_cannot_be_deleted_does_not_keep_the_others(stage: Stage) -> None:
    """If Discord permanently rejects one, such as in an archived thread, the rest is still deleted."""
    async with stage.running():
        for prompt in ("a secret harbour", "another one"):
            await draws(stage, stage.alice, prompt)
        stage.discord.faults.next("DELETE", "/channels/*/messages/*", times=1, status=400, code=50083)
        await is_forgotten(stage, stage.alice)
        await stage.show_pictures(1)


async def test_direct_messages_are_forgotten_too(stage: Stage) -> None:
    """If the operator allows direct messages, both commands work there, for data from there and from servers."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running(allow_direct_messages=True):
        await stage.picture(await stage.alice.types("/imagine", talk, prompt="a boat"))
        await draws(stage, stage.alice, "another boat")
        answer = await private_answer(stage, await stage.alice.types("/privacy export", talk))
        assert len(json.loads(unpacked(answer)["pictures-1.json"])) == 2
        await is_forgotten(stage, stage.alice, talk)
        await sees_only(stage, stage.alice, channel=talk)
        await sees_only(stage, stage.alice)
