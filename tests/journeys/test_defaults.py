"""The member who sets defaults once, and the moderator who sets some for everyone."""

import json

import pytest

from bot.picture.layers import CHOICES, NEVER_DEFAULTS
from cogs.ui.defaults import LABELS, PARTS
from standins.discord.client.modals import FieldValue
from standins.discord.client.person import Person
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import changed, from_more, labels_of, pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_pointing import fill_in, name
from tests.journeys.test_privacy import asks, is_forgotten, unpacked
from tests.journeys.test_several import gallery_of, shows
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot

PICTURE, REQUEST = "Change shape and file", "Change number and visibility"


async def card_of(stage: Stage, who: Person) -> Message:
    """Return the card of `/defaults`."""
    card = await private_answer(stage, await who.types("/defaults", stage.channel))
    assert is_private(card)
    return card


async def sent(who: Person, card: Message, button: str, **fields: FieldValue) -> Interaction:
    """Fill in the form of a button, and send it off."""
    form = await who.presses(card, button)
    await form.answered()
    submitted = await who.submits(form, {label.replace("_", " "): value for label, value in fields.items()})
    await submitted.answered()
    return submitted


async def set_defaults(stage: Stage, button: str = PICTURE, /, **fields: FieldValue) -> Message:
    """Make Alice set some of her defaults, and return the card, which shows them."""
    card = await card_of(stage, stage.alice)
    await sent(stage.alice, card, button, **fields)
    labels = [label.replace("_", " ") for label in fields]
    await stage.discord.world.until(lambda: all(f"{label}: **" in card.text for label in labels))
    assert "Reset all" in labels_of(card)
    return card


async def set_server_defaults(stage: Stage, moderator: Person, button: str = PICTURE, /, **fields: FieldValue) -> str:
    """Make a moderator set some of the server's defaults, and return what it says."""
    card = await private_answer(stage, await moderator.types("/limits defaults", stage.channel))
    return (await private_answer(stage, await sent(moderator, card, button, **fields))).text


def flux(stage: Stage) -> dict[str, object]:
    """Return the latest order's options, without its seed."""
    return {name: value for name, value in stage.orders()[-1]["fluxParams"].items() if name != "seed"}


def test_every_option_can_have_a_default() -> None:
    """A new option of a picture is in a form and has a name, or belongs to one picture only."""
    in_forms = [option for part in PARTS.values() for option in part]
    assert sorted(in_forms) == sorted(set(CHOICES) - NEVER_DEFAULTS) == sorted(LABELS)
    assert all(len(part) <= 5 for part in PARTS.values())


@pytest.mark.own_bot
async def test_defaults_apply_to_a_command_after_a_restart_too(stage: Stage) -> None:
    """Typed options win, a typed size displaces shape and resolution, and Details says where values come from."""
    async with stage.running():
        card = await set_defaults(stage, Shape="16:9", Resolution="2", Quality="80")
        assert "Shape: **16:9 widescreen**\nResolution: **2 MP**\nFile format: not set\nQuality: **80**" in card.text
    async with stage.running():
        picture = await stage.picture(await stage.imagine(resolution="1"))
        await stage.settled()
        assert flux(stage) == {"aspect_ratio": "16:9", "resolution": "1MP", "output_quality": 80}
        details = text_of(await from_more(stage, stage.alice, picture, "Details"))
        assert "16:9 (own default) · 1 MP · quality 80 (own default)" in details
        await stage.picture(await stage.imagine(width=512, height=512))
        await stage.settled()
        assert {"aspect_ratio", "resolution"}.isdisjoint(flux(stage))
        assert flux(stage)["output_quality"] == 80


async def test_the_form_opens_with_the_defaults_and_a_reset_removes_them(stage: Stage) -> None:
    """An emptied field removes the default, and a number that nobody can have is refused by name."""
    async with stage.running():
        card = await set_defaults(stage, Shape="16:9", Quality="80")
        await sent(stage.alice, card, PICTURE, Quality="")
        await stage.discord.world.until(lambda: "Quality: not set" in card.text)
        assert "Shape: **16:9 widescreen**" in card.text
        for wrong in ("101", "many"):
            answer = await private_answer(stage, await sent(stage.alice, card, PICTURE, Quality=wrong))
            assert "`output_quality` must be from 0 to 100" in answer.text
        await changed(stage, await stage.alice.presses(card, "Reset all"), "Shape: not set")
        assert "Reset all" not in labels_of(card)
        await stage.picture(await stage.imagine())
    assert flux(stage) == {}


async def test_private_spoiler_and_count_can_be_defaults(stage: Stage) -> None:
    """A typed False and a typed count win."""
    async with stage.running():
        await set_defaults(stage, REQUEST, Pictures="2", Private="yes", Spoiler="yes")
        card = await private_answer(stage, await stage.imagine())
        await stage.settled()
        await shows(stage, card, "2 of 2")
        assert "'spoiler': True" in str(card.components)
        picture = await stage.picture(await stage.imagine(private=False, spoiler=False, count=1))
        assert not is_private(picture)
        assert "'spoiler': True" not in str(picture.components)
    assert len(stage.orders()) == 3


async def test_a_mention_has_the_defaults_but_is_answered_in_public(stage: Stage) -> None:
    """Everybody sees the member's words already; a note says why the picture isn't private."""
    async with stage.running():
        await set_defaults(stage, Shape="3:2")
        await set_defaults(stage, REQUEST, Pictures="2", Private="yes")
        await stage.alice.sends(stage.channel, f"{name(stage)} a red boat")
        await stage.shows("everyone sees the answer to a mention")
        [card] = await stage.show_pictures(1)
        await stage.settled()
        await shows(stage, card, "2 of 2")
    assert not is_private(card)
    assert flux(stage)["aspect_ratio"] == "3:2"


async def test_a_messages_menu_and_an_example_open_with_the_defaults(stage: Stage) -> None:
    """A default that follows an image applies where there is one, and a choice of the example stays."""
    async with stage.running():
        await set_defaults(stage, Shape="match_input_image", Resolution="2", File_format="webp")
        shown = await stage.alice.sends(stage.channel, "my cat", attachments=[photo()])
        await stage.picture(await fill_in(stage, shown, "as a painting"))
        await stage.settled()
        assert flux(stage)["aspect_ratio"] not in {"16:9", "1:1"}
        assert flux(stage)["output_format"] == "webp"
        page = await private_answer(stage, await stage.alice.types("/help", stage.channel))
        await stage.picture(await sent(stage.alice, page, "Lighthouse"))
        await stage.settled()
        assert flux(stage) == {"aspect_ratio": "16:9", "resolution": "2MP", "output_format": "webp"}
        form = await stage.alice.presses(page, "Lighthouse")
        await form.answered()
        picture = await stage.picture(await stage.alice.submits(form, {"Resolution": "automatic"}))
        assert "resolution" not in flux(stage)
        await stage.settled()
        details = text_of(await from_more(stage, stage.alice, picture, "Details"))
    assert "16:9 · webp (own default)" in details


async def test_pictures_made_from_another_keep_its_choices(stage: Stage) -> None:
    """Reroll, remix, edit and larger don't look at defaults, and neither does a reaction."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(aspect_ratio="1:1"))
        await stage.settled()
        await set_defaults(stage, Resolution="2", File_format="webp")
        await set_defaults(stage, REQUEST, Pictures="2", Private="yes")
        for button, words in (("Reroll", None), ("Remix", {}), ("Edit", {"What should change?": "at night"})):
            pressed_ = await stage.alice.presses(picture, button)
            await pressed_.answered()
            made = await stage.picture(pressed_ if words is None else await stage.alice.submits(pressed_, words))
            await stage.settled()
            assert not is_private(made)
            assert flux(stage).get("output_format") is None
        await stage.alice.reacts(picture, "🎲")
        await stage.show_pictures(5)
        await stage.settled()
    assert len(stage.orders()) == 5


async def test_braces_displace_a_default_count(stage: Stage) -> None:
    """Three choices are three pictures."""
    async with stage.running():
        await set_defaults(stage, REQUEST, Pictures="4")
        question = await private_answer(stage, await stage.imagine("{red|blue|green} boat"))
        press = await stage.alice.presses(question, "Make 3 pictures")
        await press.answered()
        await stage.settled()
        card = await shows(stage, press.original, "3 of 3")
    assert gallery_of(card) == 3


async def test_a_default_count_is_cut_to_the_servers_limit(stage: Stage) -> None:
    """Silently, where a typed count is refused."""
    moderator = moderator_of(stage)
    async with stage.running():
        await set_defaults(stage, REQUEST, Pictures="4")
        await say(stage, moderator, "/limits everyone", pictures_per_request=2)
        picture = await stage.imagine()
        await stage.settled()
        await shows(stage, picture.original, "2 of 2")
        refused = await private_answer(stage, await stage.imagine(count=3))
        assert "2 would be allowed" in refused.text
        await say(stage, moderator, "/limits everyone", pictures_per_request=1)
        single = await stage.picture(await stage.imagine())
        assert "Reroll" in labels_of(single)
    assert len(stage.orders()) == 3


async def test_moderators_set_the_servers_defaults_and_undo_them(stage: Stage) -> None:
    """Members' own come first; each change is in the audit log, and can be undone."""
    moderator = moderator_of(stage)
    async with stage.running():
        said = await set_server_defaults(stage, moderator, Shape="3:2", File_format="png")
        assert "Default · Shape: not set →\u00a0**3:2 photo**" in said
        assert "Default · File format: not set →\u00a0**png**" in said
        card = await set_defaults(stage, Shape="16:9")
        assert "Shape: **16:9 widescreen**" in card.text
        assert "File format: not set (the server's: png)" in card.text
        picture = await stage.picture(await stage.imagine())
        await stage.settled()
        assert flux(stage) == {"aspect_ratio": "16:9", "output_format": "png"}
        details = text_of(await from_more(stage, stage.alice, picture, "Details"))
        assert "16:9 (own default) · png (server's default)" in details
        assert "**Defaults:** Shape: 3:2 photo · File format: png" in await say(stage, moderator, "/limits show")
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert "/limits defaults" in page.text
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        await stage.picture(await stage.imagine())
        await stage.settled()
        assert flux(stage) == {"aspect_ratio": "16:9"}


async def test_only_moderators_change_the_servers_defaults(stage: Stage) -> None:
    """Neither with an old card nor with a form that was open."""
    moderator = moderator_of(stage)
    async with stage.running():
        card = await private_answer(stage, await moderator.types("/limits defaults", stage.channel))
        form = await moderator.presses(card, PICTURE)
        await form.answered()
        stage.guild.members[moderator.id].loses(*stage.guild.members[moderator.id].roles)
        refused = await private_answer(stage, await moderator.submits(form, {"Shape": "16:9"}))
        assert "Only moderators" in refused.text
        assert "Only moderators" in (await pressed(stage, moderator, card, REQUEST)).text


async def test_defaults_are_personal_data(stage: Stage) -> None:
    """The copy has them, and a deletion removes them."""
    async with stage.running():
        await set_defaults(stage, Shape="16:9", Resolution="2")
        copy = json.loads(unpacked(await asks(stage, stage.alice, "/privacy export"))["you.json"])
        assert copy["defaults"][0]["choices"] == {"aspect_ratio": "16:9", "resolution": "2"}
        await is_forgotten(stage, stage.alice)
        assert "Shape: not set" in (await card_of(stage, stage.alice)).text
        await stage.picture(await stage.imagine())
    assert flux(stage) == {}


STYLE = "Change style"
FRAME = "a watercolour of {prompt}"


async def set_style(stage: Stage, style: str) -> Message:
    """Make Alice set her default style, and return the card."""
    card = await card_of(stage, stage.alice)
    await sent(stage.alice, card, STYLE, Style=style)
    return card


def prompts(stage: Stage) -> list[str]:
    """Return the prompts that were ordered."""
    return [order["prompt"] for order in stage.orders()]


@pytest.mark.own_bot
async def test_a_style_can_be_a_default(stage: Stage) -> None:
    """By a command, a mention and braces, after a restart too; a typed style wins, and so does none."""
    async with stage.running():
        await say(stage, stage.alice, "/style create", name="Nora", frame=FRAME)
        await say(stage, stage.alice, "/style create", name="oil", frame="oil: {prompt}")
        card = await set_style(stage, "nora")
        await stage.discord.world.until(lambda: "Style: **Nora**" in card.text)
    async with stage.running():
        picture = await stage.picture(await stage.imagine("a boat"))
        details = text_of(await from_more(stage, stage.alice, picture, "Details"))
        assert "Style: Nora, version 1: a watercolour of \\{prompt\\} (own default)" in details
        await stage.alice.sends(stage.channel, f"{name(stage)} a dog")
        await stage.show_pictures(2)
        await stage.picture(await stage.imagine("a boat", style="oil"))
        await stage.picture(await stage.imagine("a boat", style="none"))
        question = await private_answer(stage, await stage.imagine("a {red|blue} boat"))
        await stage.alice.presses(question, "Make 2 pictures")
        await stage.discord.world.until(lambda: len(stage.orders()) == 6)
        await stage.settled()
    assert prompts(stage)[:4] == ["a watercolour of a boat", "a watercolour of a dog", "oil: a boat", "a boat"]
    assert sorted(prompts(stage)[4:]) == ["a watercolour of a blue boat", "a watercolour of a red boat"]


async def test_a_default_style_lies_between_a_typed_one_and_the_channels(stage: Stage) -> None:
    """It displaces the channel's default, and a style that the channel requires displaces it without a refusal."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, stage.alice, "/style create", name="nora", frame=FRAME)
        await say(stage, moderator, "/style create", name="ink", frame="ink: {prompt}", server=True)
        await set_style(stage, "nora")
        await say(stage, moderator, "/limits channels style", channel=stage.channel, style="ink")
        await stage.picture(await stage.imagine("a boat"))
        await say(stage, moderator, "/limits channels style", channel=stage.channel, style="ink", required=True)
        await stage.picture(await stage.imagine("a boat"))
        await stage.settled()
    assert prompts(stage) == ["a watercolour of a boat", "ink: a boat"]


async def test_a_default_style_that_is_gone_is_left_out(stage: Stage) -> None:
    """The card says so; an unknown name is refused with the nearest ones, and an empty field removes the default."""
    async with stage.running():
        await say(stage, stage.alice, "/style create", name="nora", frame=FRAME)
        card = await set_style(stage, "nora")
        answer = await private_answer(stage, await sent(stage.alice, card, STYLE, Style="norah"))
        assert "There is no style `norah` here. The nearest names: `nora`. Nothing was changed." in answer.text
        question = await private_answer(stage, await stage.alice.types("/style delete", stage.channel, style="nora"))
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
        assert "Style: **nora** (there is none of this name here" in (await card_of(stage, stage.alice)).text
        await stage.picture(await stage.imagine("a boat"))
        await stage.settled()
        assert prompts(stage) == ["a boat"]
        card = await set_style(stage, "")
        await stage.discord.world.until(lambda: "Style: not set" in card.text)


@pytest.mark.parametrize("place", ["channel", "thread"])
async def test_a_channel_has_spoilers_by_default(stage: Stage, place: str) -> None:
    """By command and by mention; a member can still choose otherwise, and other channels aren't blurred."""
    moderator, blurred = moderator_of(stage), stage.guild.add_channel("blurred")
    there = blurred if place == "channel" else blurred.add_thread("more")
    async with stage.running():
        answer = await say(stage, moderator, "/limits channels spoilers", channel=blurred, on=True)
        assert f"New pictures in <#{blurred.id}>: shown →\u00a0**spoilers**" in answer
        picture = await stage.picture(await stage.alice.types("/imagine", there, prompt="a boat"))
        assert is_blurred(picture)
        assert "server's default" in text_of(await from_more(stage, stage.alice, picture, "Details"))
        await stage.alice.sends(there, f"{name(stage)} a ship")
        await stage.discord.world.until(lambda: sum(map(is_blurred, there.messages.values())) == 2)
        shown = await stage.picture(await stage.alice.types("/imagine", there, prompt="a boat", spoiler=False))
        assert not is_blurred(shown)
        assert not is_blurred(await stage.picture(await stage.imagine("a boat")))
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        assert not is_blurred(await stage.picture(await stage.alice.types("/imagine", there, prompt="a boat")))


def is_blurred(message: Message) -> bool:
    """Return True for a message with a picture that is a spoiler."""
    return "'spoiler': True" in str(message.components)
