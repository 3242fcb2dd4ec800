"""Moderators set limits, members meet them, and nobody else gets at them."""

import re

import pytest

from standins.discord.client.client import UnusableError
from standins.discord.client.options import OptionValue
from standins.discord.model.attachments import Upload
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import GROUP, SUBCOMMAND
from tests.images import photo
from tests.journeys.answers import changed, guessed_button, pressed, private_answer
from tests.journeys.moderators import drawn, moderator_of, refused, say
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

SECTIONS = {
    "channels": "Channels",
    "words": "Blocked words",
    "log": "Audit log",
    "showcase": "Showcase",
    "history": "History",
}
GUESSED = ("limits:change:everyone:0", "limits:change:member:1", *(f"limits:open:{name}" for name in SECTIONS))
GUESSED += ("limits:undo:1:0", "limits:history:0", "limits:history:0:1::channels", "limits:about:1")
NOT_A_MODERATOR = "You need the **Manage Server** permission."


def commands_of(stage: Stage) -> dict[str, dict[str, OptionValue]]:
    """Return every command for moderators with options that it takes."""
    person, channel = {"member": stage.alice}, {"channel": stage.channel}
    limits: dict[str, OptionValue] = {"images_per_day": 5}
    return {
        "/limits show": {},
        "/limits server": limits,
        "/limits everyone": limits,
        "/limits role": limits | {"role": stage.guild.everyone},
        "/limits extra": limits | {"role": stage.guild.everyone},
        "/limits member": limits | person,
        "/limits reset": {"scope": "everyone"},
        "/limits channels allow": {**channel},
        "/limits channels deny": {**channel},
        "/limits channels remove": {**channel},
        "/limits channels clear": {},
        "/limits channels replies": {**channel, "on": True},
        "/limits access allow": {"role": stage.guild.everyone},
        "/limits access remove": {"role": stage.guild.everyone},
        "/limits access clear": {},
        "/limits share": {"percent": 10},
        "/limits channels spoilers": {**channel, "on": True},
        "/limits channels style": {**channel},
        "/limits block": {**person},
        "/limits unblock": {**person},
        "/limits words add": {"word": "boat"},
        "/limits words remove": {"word": "boat"},
        "/limits words list": {},
        "/limits words test": {"text": "boat"},
        "/limits defaults": {},
        "/limits language": {},
        "/limits log": {**channel},
        "/limits summary": {"on": False},
        "/limits showcase": {**channel},
        "/limits slowdown": {},
        "/limits history": {},
        "/limits export": {},
        "/limits import": {"file": Upload("rules.json", b"{}", "application/json")},
    }


def registered(stage: Stage) -> set[str]:
    """Return every command of the group that Discord knows of."""
    group = stage.discord.world.commands.named("limits", stage.guild.id).registered

    def leaves(command: Payload, path: str) -> set[str]:
        below = [option for option in command.get("options", []) if option["type"] in {SUBCOMMAND, GROUP}]
        return set().union(*(leaves(each, f"{path} {each['name']}") for each in below)) or {path}

    return leaves(group, "/limits")


async def test_the_commands_stand_in_the_order_of_need(stage: Stage) -> None:
    """Discord lists them as they were registered."""
    async with stage.running():
        group = stage.discord.world.commands.named("limits", stage.guild.id).registered
    limits, others = (
        "everyone server role extra member",
        "channels access words defaults language log summary showcase slowdown share",
    )
    names = f"show {limits} block unblock {others} history reset export import"
    assert [option["name"] for option in group["options"]] == names.split()


@pytest.mark.own_bot
async def test_the_card_leads_to_everything_else_after_a_restart(stage: Stage) -> None:
    """Channels, words, the audit log, the showcase and the history each open privately, with their commands."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits words add", word="kraken")
        await say(stage, moderator, "/limits channels allow", channel=stage.channel)
        card = await private_answer(stage, await moderator.types("/limits show", stage.channel))
    async with stage.running():
        answers = {name: (await pressed(stage, moderator, card, name)).text for name in SECTIONS.values()}
    command = stage.discord.world.commands.named("limits", stage.guild.id).id
    assert (
        f"**Channels:** only <#{stage.channel.id}>\n-# Change: </limits channels allow:{command}>"
        in answers["Channels"]
    )
    assert "**1 blocked word**\nkraken\n-# Change: </limits words add:" in answers["Blocked words"]
    assert f"**Audit log:** off\n-# Change: </limits log:{command}>" in answers["Audit log"]
    assert f"**Showcase:** off\n-# Change: </limits showcase:{command}>" in answers["Showcase"]
    assert "The word “kraken”: allowed →\u00a0**blocked**" in answers["History"]


async def test_members_are_not_offered_the_commands(stage: Stage) -> None:
    """Discord itself hides them from members without Manage Server."""
    async with stage.running():
        assert registered(stage) == set(commands_of(stage))
        for command, options in commands_of(stage).items():
            with pytest.raises(UnusableError):
                await stage.alice.types(command, stage.channel, **options)


async def test_an_owner_who_opens_the_commands_to_everybody_opens_nothing(stage: Stage) -> None:
    """The code rejects every command that Discord allows, and nothing is read or changed."""
    moderator = moderator_of(stage)
    async with stage.running():
        stage.guild.open_command("limits")
        for command, options in commands_of(stage).items():
            assert NOT_A_MODERATOR in await say(stage, stage.alice, command, **options), command
        words = await stage.alice.completes("/limits words remove", stage.channel, option="word", text="b")
        assert words == []
        assert "Nothing has been changed yet" in await say(stage, moderator, "/limits history")


async def test_every_command_answers_a_moderator_privately(stage: Stage) -> None:
    """None of them breaks, and none of them answers where others can read it."""
    moderator = moderator_of(stage)
    async with stage.running():
        for command, options in commands_of(stage).items():
            answer = await say(stage, moderator, command, **options)
            assert "Something went wrong" not in answer, command
            assert NOT_A_MODERATOR not in answer, command


@pytest.mark.own_bot
async def test_limits_are_met_after_a_restart_by_members_roles_and_everyone(stage: Stage) -> None:
    """A member's entry wins, else the role, else everyone; the refusal says whose limit it is."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    bob = stage.joins("bob", roles=[artist])
    async with stage.running():
        answer = await say(stage, moderator, "/limits everyone", images_per_hour=1)
        assert "Everyone · Pictures per hour: not set →\u00a0**1**" in answer
        answer = await say(stage, moderator, "/limits role", role=artist, images_per_hour=0)
        assert f"<@&{artist.id}> · Pictures per hour: not set →\u00a0**none**" in answer
    async with stage.running():
        await drawn(stage, stage.alice)
        sentence = await refused(stage, stage.alice)
        assert "**You've reached your limit.** Pictures per hour: 1 of 1 used." in sentence
        assert "<t:" in sentence
        assert "A moderator can change this limit. It's set for everyone." in sentence
        sentence = await refused(stage, bob)
        assert "No pictures are allowed right now." in sentence
        assert "set for one of your roles" in sentence
        await say(stage, moderator, "/limits member", member=bob, unlimited=True)
        await drawn(stage, bob)
        await say(stage, moderator, "/limits server", images_per_day=2)
        assert "**This server has reached its limit.** Pictures per day: 2 of 2 used." in await refused(stage, bob)
        await say(stage, moderator, "/limits reset", scope="server")
        await drawn(stage, bob)
    assert len(stage.orders()) == 3


async def test_size_references_pause_and_credits_are_limited_too(stage: Stage) -> None:
    """Each error message names the limit and a solution."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", max_megapixels=0.5, max_references=1, cooldown=600)
        asked = await stage.imagine("a boat", resolution="0.5", image1=photo(), image2=photo())
        assert (
            "Reference images per picture: you asked for 2. The limit is 1."
            in (await private_answer(stage, asked)).text
        )
        assert "The limit is 0.5. Choose a smaller `resolution`" in await refused(stage, stage.alice)
        await drawn(stage, stage.alice, resolution="0.5")
        await say(stage, moderator, "/limits member", member=stage.alice, max_megapixels=4.0)
        sentence = await refused(stage, stage.alice)
        assert re.search(r"Cooldown in seconds: \d+ of 600 have passed", sentence)
        assert "<t:" in sentence
        await say(stage, moderator, "/limits member", member=stage.alice, cooldown=0, credits_per_month=1)
        assert "Credits in 30 days: " in await refused(stage, stage.alice)
    assert len(stage.orders()) == 1


async def test_a_picture_that_is_barely_too_large_reads_as_larger(stage: Stage) -> None:
    """Its refusal has as many decimals as it takes to see why, and an answer shows a limit as it was set."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "not set →\u00a0**1.001**" in await say(stage, moderator, "/limits everyone", max_megapixels=1.001)
        await say(stage, moderator, "/limits everyone", max_megapixels=1.0)
        asked = await stage.imagine("a boat", width=1216, height=864)
        assert (
            "Megapixels per picture: you asked for 1.002. The limit is 1." in (await private_answer(stage, asked)).text
        )


async def test_the_operators_ceiling_cannot_be_exceeded(stage: Stage) -> None:
    """A higher figure is refused, with the ceiling; so is a shorter pause than the operator's."""
    moderator = moderator_of(stage)
    limits = {"member": {"images_per_day": 20, "cooldown": 30}, "server": {"images_per_day": 100}}
    async with stage.running(limits=limits):
        answer = await say(stage, moderator, "/limits everyone", images_per_day=21, cooldown=10)
        assert "Pictures per day: the operator allows at most **20**, not 21." in answer
        assert "Cooldown in seconds: the operator requires at least **30**, not 10." in answer
        assert "at most **100**" in await say(stage, moderator, "/limits server", images_per_day=101)
        assert "Saved" in await say(stage, moderator, "/limits everyone", images_per_day=20, cooldown=30)


async def test_a_command_without_its_options_says_what_is_missing(stage: Stage) -> None:
    """Nothing is guessed."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "at least one option" in await say(stage, moderator, "/limits everyone")
        assert "Fill in the option `role`" in await say(stage, moderator, "/limits reset", scope="role")
        assert "No change" in await say(stage, moderator, "/limits unblock", member=stage.alice)


async def test_the_card_shows_what_holds_what_is_used_and_for_whom(stage: Stage) -> None:
    """The card has the server's totals with bars, everyone's limits, roles, channels, and a member's own usage."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    bob = stage.joins("bob", roles=[artist])
    async with stage.running():
        await say(stage, moderator, "/limits server", images_per_day=10)
        await say(stage, moderator, "/limits role", role=artist, images_per_day=4)
        await say(stage, moderator, "/limits words add", word="kraken")
        await say(stage, moderator, "/limits block", member=stage.alice, reason="*spam*", until="3d")
        await drawn(stage, bob)
        card = await say(stage, moderator, "/limits show")
        assert "**Server total**\n" in card
        assert "▰▰▰▰▱ Pictures per day: 9 of 10 · set for the server\n" in card
        assert "Pictures per hour: 60\n" in card
        assert card.count("operator") == 1, "one note for all of them"
        assert f"<@&{artist.id}>: Pictures per day: 4" in card
        assert re.search(rf"<@{stage.alice.id}>: blocked, ends <t:\d+:R> \(\\\*spam\\\*\)", card)
        assert "**Blocked words:** 1\n**Audit log:** off" in card
        assert "**Members**" not in card
        of_bob = await say(stage, moderator, "/limits show", member=bob)
        assert "▰▰▰▰▱ Pictures per day: 3 of 4 · set for a role" in of_bob
        assert "**blocked, ends <t:" in await say(stage, moderator, "/limits show", member=stage.alice)


async def test_a_full_card_still_fits(stage: Stage) -> None:
    """However much is set, the card says how much more there is, and Discord takes it."""
    moderator = moderator_of(stage)
    members = [stage.joins(f"member {number}") for number in range(15)]
    async with stage.running():
        for member in members:
            await say(stage, moderator, "/limits member", member=member, images_per_hour=1, images_per_day=2)
            await say(stage, moderator, "/limits block", member=member, reason="x" * 300)
        card = await say(stage, moderator, "/limits show")
    assert re.search(r"and \d+ more", card)


async def test_buttons_of_moderators_are_no_use_to_others(stage: Stage) -> None:
    """A forged id, or one of a former moderator, is rejected."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=3)
        for custom_id in GUESSED:
            guess = guessed_button(stage, stage.channel, custom_id)
            assert NOT_A_MODERATOR in (await pressed(stage, stage.alice, guess, "guessed")).text
        card = await private_answer(stage, await moderator.types("/limits show", stage.channel))
        form = await moderator.presses(card, "Change everyone's limits")
        await form.answered()
        stage.strips(moderator)
        late = await private_answer(stage, await moderator.submits(form, {"Pictures per day": "99"}))
        assert NOT_A_MODERATOR in late.text


async def test_another_servers_changes_cannot_be_undone_from_here(stage: Stage) -> None:
    """A change's number is only valid on its own server."""
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    there = elsewhere.add_channel("pictures")
    moderator, owner = moderator_of(stage), stage.discord.person(elsewhere.owner)
    async with stage.running():
        await private_answer(stage, await owner.types("/limits everyone", there, images_per_day=3))
        guess = guessed_button(stage, stage.channel, "limits:undo:1:0")
        assert "nothing to undo" in (await pressed(stage, moderator, guess, "guessed")).text
        card = await private_answer(stage, await owner.types("/limits show", there))
        assert "Pictures per day: 3 · set for everyone\n" in card.text


@pytest.mark.own_bot
async def test_the_history_tells_who_changed_what_and_takes_it_back(stage: Stage) -> None:
    """After a restart too: the change is undone, later changes stay, and the undo is itself in the history."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=3)
        await say(stage, moderator, "/limits everyone", concurrent=2)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert f"<@{moderator.id}>" in page.text
        assert "Everyone · Pictures per day: not set →\u00a0**3**" in page.text
    async with stage.running():
        oldest = str(page.buttons[-1]["custom_id"])
        told = await pressed(stage, moderator, page, oldest)
        assert "Pictures per day: 3 →\u00a0**not set**" in told.text
        await stage.discord.world.until(lambda: "Undo of /limits everyone" in page.text)
        assert "**undone**" in page.text
        again = await pressed(stage, moderator, guessed_button(stage, stage.channel, oldest), "guessed")
        assert "nothing to undo" in again.text
        card = await say(stage, moderator, "/limits show")
        assert "Pictures at once: 2 · set for everyone\n" in f"{card}\n"


async def test_an_undo_leaves_what_was_changed_again_and_says_so(stage: Stage) -> None:
    """An older change of a limit can be undone after the newer one; untouched values are restored right away."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=20)
        await say(stage, moderator, "/limits everyone", images_per_day=5, concurrent=2)
        await say(stage, moderator, "/limits everyone", concurrent=1)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        _, newer, older = [str(button["custom_id"]) for button in page.buttons]
        told = (await pressed(stage, moderator, page, older)).text
        assert "**Nothing was undone.** Undo the newer change first." in told
        assert "changed again later:\nEveryone · Pictures per day" in told
        told = (await pressed(stage, moderator, page, newer)).text
        assert "Pictures per day: 5 →\u00a0**20**" in told
        assert "changed again later:\nEveryone · Pictures at once" in told
        assert "Pictures per day: 20 →\u00a0**not set**" in (await pressed(stage, moderator, page, older)).text
        assert "Pictures at once: 1" in await say(stage, moderator, "/limits show")


async def test_the_history_has_pages(stage: Stage) -> None:
    """Five changes a page, newest first."""
    moderator = moderator_of(stage)
    async with stage.running():
        for images in range(1, 7):
            await say(stage, moderator, "/limits everyone", images_per_day=images)
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert "5 →\u00a0**6**" in page.text
        assert "not set →\u00a0**1**" not in page.text
        await changed(stage, await moderator.presses(page, "▶️"), "not set →\u00a0**1**")
        await changed(stage, await moderator.presses(page, "◀️"), "5 →\u00a0**6**")
