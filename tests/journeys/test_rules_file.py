"""A moderator takes the rules of a server out as a file, and in again, here or elsewhere."""

import json

import pytest

from standins.discord.client.person import Person
from standins.discord.model.attachments import Upload
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot


async def exported(stage: Stage, moderator: Person, where: Channel | None = None) -> bytes:
    """Return the file that `/limits export` gives."""
    message = await private_answer(stage, await moderator.types("/limits export", where or stage.channel))
    [file] = message.attachments
    assert file.filename == "imagine-rules.json"
    return file.read()


async def imported(stage: Stage, moderator: Person, content: bytes, where: Channel | None = None) -> Message:
    """Return the private answer to `/limits import` with a file."""
    file = Upload("rules.json", content, "application/json")
    return await private_answer(stage, await moderator.types("/limits import", where or stage.channel, file=file))


@pytest.mark.own_bot
async def test_an_import_brings_the_rules_back_as_one_change_that_can_be_undone(stage: Stage) -> None:
    """The changes are shown first and nothing is changed by then; also after a restart in between."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=5)
        await say(stage, moderator, "/limits block", member=stage.alice, reason="spam")
        content = await exported(stage, moderator)
        await say(stage, moderator, "/limits reset", scope="everyone")
        await say(stage, moderator, "/limits unblock", member=stage.alice)
    async with stage.running():
        question = await imported(stage, moderator, content)
        assert "**Import 2 changes?**" in text_of(question)
        assert "Everyone · Pictures per day: not set →\u00a0**5**" in text_of(question)
        assert "Pictures per day: 5" not in await say(stage, moderator, "/limits show")
        answer = (await pressed(stage, moderator, question, "Import")).text
        assert f"<@{stage.alice.user.id}>: not blocked →\u00a0**blocked permanently (spam)**" in answer
        assert "Pictures per day: 5 · set for everyone" in await say(stage, moderator, "/limits show")
        history = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert "/limits import" in text_of(history)
        await pressed(stage, moderator, history, "Undo")
        assert "Pictures per day: 5" not in await say(stage, moderator, "/limits show")
        assert "already has the rules" not in text_of(await imported(stage, moderator, content))


async def test_another_server_gets_the_rules_with_its_own_roles_and_channels(stage: Stage) -> None:
    """The names that it lacks are listed before anything is imported."""
    moderator = moderator_of(stage)
    boosters, artists = stage.guild.add_role("boosters"), stage.guild.add_role("artists")
    there = stage.discord.world.add_guild("Another server")
    its_boosters, its_moderators = there.add_role("boosters"), there.add_role("mods", Permission.MANAGE_GUILD)
    its_moderator = stage.discord.person(there.add_member("otto", roles=[its_moderators]))
    channel = there.add_channel("drawing")
    async with stage.running():
        await say(stage, moderator, "/limits role", role=boosters, images_per_day=9)
        await say(stage, moderator, "/limits role", role=artists, images_per_day=8)
        question = await imported(stage, its_moderator, await exported(stage, moderator), channel)
        assert f"<@&{its_boosters.id}> · Pictures per day: not set →\u00a0**9**" in text_of(question)
        assert "has no role or channel of that name, or several: \\@artists" in text_of(question)
        answer = (await pressed(stage, its_moderator, question, "Import")).text
        assert "**Saved.**" in answer
        again = await imported(stage, its_moderator, await exported(stage, its_moderator, channel), channel)
        assert "No change: this server already has the rules of the file." in text_of(again)


async def test_of_two_moderators_the_second_import_finds_changed_rules(stage: Stage) -> None:
    """Nothing of the second is applied, and it says so."""
    moderator, other = moderator_of(stage), moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=5)
        content = await exported(stage, moderator)
        await say(stage, moderator, "/limits everyone", images_per_day=6)
        first, second = await imported(stage, moderator, content), await imported(stage, other, content)
        assert "**Saved.**" in (await pressed(stage, moderator, first, "Import")).text
        refusal = (await pressed(stage, other, second, "Import")).text
        assert "The rules have changed since" in refusal
        assert "Nothing was imported." in refusal


async def test_a_thousand_blocks_are_imported_at_once(stage: Stage) -> None:
    """The card stays within Discord's bounds, and says how many changes there are."""
    moderator = moderator_of(stage)
    async with stage.running():
        file = json.loads(await exported(stage, moderator))
        file["rules"] = {"blocked": {str(10**18 + number): {"reason": "harbour " * 20} for number in range(3000)}}
        question = await imported(stage, moderator, json.dumps(file).encode())
        assert "**Import 3000 changes?**" in text_of(question)
        assert "and 2988 more changes" in text_of(question)
        assert "and 2988 more changes" in (await pressed(stage, moderator, question, "Import")).text


def tampered(file: object) -> bytes:
    """Return a file as JSON."""
    return json.dumps(file).encode()


async def test_a_file_that_cannot_be_imported_changes_nothing(stage: Stage) -> None:
    """Each mistake has its sentence: not ours, another version, too large, and more than the operator allows."""
    moderator = moderator_of(stage)
    async with stage.running():
        file = json.loads(await exported(stage, moderator))
        too_much = file | {"rules": {"everyone": {"images_per_hour": 61}}}
        sentences = {
            b"\x89PNG": "The file isn't valid JSON",
            tampered({}): "This isn't a file from `/limits export`.",
            tampered(file | {"version": 9}): "The file has version 9 of the format, and I read version 1.",
            tampered(too_much): "Pictures per hour: the operator allows at most **60**, not 61.",
            b" " * 1024 * 1024 + b"{}": "A file of rules has up to 1 MB, and this one is larger.",
        }
        for content, sentence in sentences.items():
            answer = text_of(await imported(stage, moderator, content))
            assert sentence in answer
            assert "Nothing was changed." in answer
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")
