"""Pictures of age-restricted channels stay in such channels."""

import pytest

from standins.discord.components import walk
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from tests.journeys.answers import changed, first_in_history, from_more, pressed, private_answer
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot

REFUSAL = "made in an age-restricted channel"


def adults_of(stage: Stage, kind: str = "channel") -> Channel:
    """Return an age-restricted channel of the server, or a thread in one."""
    adults = stage.guild.add_channel("adults")
    adults.restrict_age()
    return adults if kind == "channel" else adults.add_thread("more")


async def drawn_in(stage: Stage, place: Channel, prompt: str = "a boat", **options: bool) -> Message:
    """Draw a picture in a channel and return its message."""
    picture = await stage.picture(await stage.alice.types("/imagine", place, prompt=prompt, **options))
    await stage.settled()
    return picture


@pytest.mark.parametrize("kind", ["channel", "thread"])
async def test_elsewhere_the_history_has_their_words_only(stage: Stage, kind: str) -> None:
    """Their image is shown and used in age-restricted channels; other pictures of the page are shown."""
    adults = adults_of(stage, kind)
    async with stage.running():
        await drawn_in(stage, stage.channel, "harmless")
        await drawn_in(stage, adults, "a wine")
        page = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        assert "image only shown in age-restricted channels" in page.text
        assert len(page.attachments) == 1
        refusal = await first_in_history(stage, stage.alice, words="wine")
        assert REFUSAL in refusal.text
        assert not refusal.attachments
        page = await private_answer(stage, await stage.alice.types("/history", adults))
        assert len(page.attachments) == 2
        [menu] = [part for part in walk(page.components) if "options" in part]
        chosen = await private_answer(stage, await stage.alice.selects(page, "history", menu["options"][0]["value"]))
        await stage.picture(await stage.alice.presses(chosen, "Reroll"))
    assert len(stage.orders()) == 3


@pytest.mark.parametrize("kind", ["channel", "thread"])
async def test_in_their_channel_they_are_pictures_like_others(stage: Stage, kind: str) -> None:
    """Buttons, reactions and replies make more of them there."""
    adults = adults_of(stage, kind)
    async with stage.running():
        picture = await drawn_in(stage, adults)
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
        await stage.alice.reacts(picture, "🎲")
        await stage.apiframe.until(lambda: len(stage.orders()) == 3)
        await stage.alice.sends(adults, "edit: at night", reply_to=picture)
        await stage.apiframe.until(lambda: len(stage.orders()) == 4)
        await stage.settled()
        assert "a boat" in (await from_more(stage, stage.alice, picture, "Details")).text


async def test_once_everybody_may_enter_their_channel_they_can_only_be_deleted(stage: Stage) -> None:
    """By button, reaction, reply and menu: nothing is ordered, and the refusal says why."""
    adults = adults_of(stage)
    async with stage.running():
        picture = await drawn_in(stage, adults)
        await stage.alice.sends(adults, "edit: at night", reply_to=picture)
        await stage.apiframe.until(lambda: len(stage.orders()) == 2)
        await stage.settled()
        edited = max((m for m in adults.messages.values() if m.attachments), key=lambda message: message.id)
        adults.restrict_age(on=False)
        assert REFUSAL in (await pressed(stage, stage.alice, picture, "Reroll")).text
        assert REFUSAL in (await from_more(stage, stage.alice, picture, "Details")).text
        assert REFUSAL in (await private_answer(stage, await stage.alice.uses(picture, "Picture details"))).text
        await stage.alice.reacts(picture, "🎲")
        await stage.discord.world.until(lambda: len(refusals(adults)) == 1)
        await stage.alice.sends(adults, "edit: by day", reply_to=picture)
        await stage.discord.world.until(lambda: len(refusals(adults)) == 2)
        await stage.alice.sends(adults, "undo", reply_to=edited)
        await stage.discord.world.until(lambda: len(refusals(adults)) == 3)
        question = await from_more(stage, stage.alice, picture, "Delete")
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
    assert len(stage.orders()) == 2


def refusals(channel: Channel) -> list[Message]:
    """Return the public messages that refuse to use a picture here, also those that are gone by now."""
    return [each for each in channel.messages.values() if REFUSAL in text_of(each) and not is_private(each)]


async def test_a_private_one_is_published_among_adults_only(stage: Stage) -> None:
    """Not once everybody may enter its channel; it stays private then."""
    adults = adults_of(stage)
    async with stage.running():
        picture = await drawn_in(stage, adults, private=True)
        adults.restrict_age(on=False)
        assert REFUSAL in (await pressed(stage, stage.alice, picture, "Publish")).text
        assert not [each for each in adults.messages.values() if each.attachments and not is_private(each)]
        adults.restrict_age()
        await changed(stage, await stage.alice.presses(picture, "Publish"), "Published")
        assert len([each for each in adults.messages.values() if each.attachments and not is_private(each)]) == 1


async def test_they_become_no_style(stage: Stage) -> None:
    """A style can be used everywhere; neither the picture's button nor its message's menu saves one."""
    adults = adults_of(stage)
    async with stage.running():
        picture = await drawn_in(stage, adults)
        refusal = await from_more(stage, stage.alice, picture, "Save as style")
        assert "can't become styles" in refusal.text
        refusal = await private_answer(stage, await stage.alice.uses(picture, "Save as style"))
        assert "can't become styles" in refusal.text
