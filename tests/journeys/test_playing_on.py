"""After the first picture: reroll, remix, edit and enlarge it, by reaction and by button, also after a restart."""

from typing import Any

import pytest

from standins.discord.client.modals import FieldValue
from standins.discord.client.options import OptionValue
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.images import COLOURS, photo
from tests.journeys.answers import MORE, labels_of, pressed
from tests.promises import ApiframeFault
from tests.stage import Stage, has_picture, is_private, text_of

pytestmark = pytest.mark.shared_bot

DIE = "🎲"
LARGER = "Larger · {}"


def without_seed(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order with its seed left out."""
    return {**order, "fluxParams": {name: value for name, value in order["fluxParams"].items() if name != "seed"}}


def seeds(stage: Stage) -> list[int]:
    """Return the seeds of all orders, oldest first."""
    return [order["fluxParams"]["seed"] for order in stage.orders()]


async def second_picture(stage: Stage, first: Message) -> Message:
    """Wait for another picture beside the first, and return it."""
    return next(message for message in await stage.show_pictures(2) if message is not first)


async def test_the_bot_puts_the_die_below_its_pictures(stage: Stage) -> None:
    """Each picture invites to a reroll, and the bot's own reaction makes none."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        await stage.discord.world.until(lambda: DIE in picture.reactions)
    assert len(stage.orders()) == 1


async def test_a_reaction_rerolls_for_whoever_reacted(stage: Stage) -> None:
    """The new picture is a reply to the old one, the same but for its seed, and belongs to the person who reacted."""
    bob = stage.joins("bob")
    async with stage.running():
        first = await stage.picture(await stage.imagine("a red boat", aspect_ratio="16:9", resolution="0.5"))
        await stage.settled()
        await bob.reacts(first, DIE)
        second = await second_picture(stage, first)
    old, new = stage.orders()
    assert without_seed(old) == without_seed(new)
    assert len(set(seeds(stage))) == 2
    assert second.reference is first
    assert f"<@{bob.user.id}>" in text_of(second)
    assert (
        f"Reroll of [this picture](https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{first.id})"
        in text_of(second)
    )
    assert not second.mentions.disturbed_anybody


async def test_taking_the_reaction_away_and_back_rerolls_again(stage: Stage) -> None:
    """Each new reaction is a new picture, and 🔁 is as good as the die."""
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        await stage.alice.reacts(first, "🔁")
        await stage.show_pictures(2)
        await stage.alice.unreacts(first, "🔁")
        await stage.alice.reacts(first, "🔁")
        await stage.show_pictures(3)
    assert len(set(seeds(stage))) == 3


async def test_other_reactions_and_other_messages_reroll_nothing(stage: Stage) -> None:
    """A heart is a heart, and a die below somebody's own message is theirs."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        chat = await stage.alice.sends(stage.channel, "look at that")
        await stage.settled()
        await stage.alice.reacts(picture, "❤️")
        await stage.alice.reacts(chat, DIE)
        await stage.picture(await stage.imagine("another"))
    assert len(stage.orders()) == 2


async def test_another_bot_s_reaction_rerolls_nothing(stage: Stage) -> None:
    """No bot may use commands, and so none spends credits by a reaction."""
    echo = stage.joins("echo")
    echo.user.bot = True
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        await stage.settled()
        await echo.reacts(picture, DIE)
        await stage.picture(await stage.imagine("another"))
    assert len(stage.orders()) == 2


@pytest.mark.own_bot
async def test_buttons_and_reactions_work_after_a_restart(stage: Stage) -> None:
    """Nothing is remembered in memory: an old picture can be rerolled by a new process."""
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        await stage.settled()
    async with stage.running():
        await stage.alice.reacts(first, DIE)
        await stage.show_pictures(2)
        await stage.picture(await stage.alice.presses(first, "Reroll"))
    assert len(set(seeds(stage))) == 3


async def test_a_reaction_that_a_limit_refuses_is_answered_shortly(stage: Stage) -> None:
    """The refusal of a reaction cannot be private: it is a reply without a ping, and goes away."""
    bob = stage.joins("bob")
    limits = {"member": {"images_per_hour": 1, "images_per_day": 1, "concurrent": 1}}
    async with stage.running(limits=limits):
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        await stage.alice.reacts(first, DIE)
        refusal = await stage.shows("1 of 1 used")
        assert refusal.reference is first
        assert not refusal.mentions.disturbed_anybody
        await bob.reacts(first, DIE)
        await stage.show_pictures(2)
    assert len(stage.orders()) == 2


async def test_somebody_who_may_not_use_commands_rerolls_nothing(stage: Stage) -> None:
    """A reaction can't be used to bypass the permission to use commands."""
    bob = stage.joins("bob")
    stage.channel.overwrite(bob, deny=Permission.USE_APPLICATION_COMMANDS)
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        await bob.reacts(first, DIE)
        await stage.shows("`/imagine` is turned off for you")
    assert len(stage.orders()) == 1


async def test_a_thread_s_pictures_can_be_rerolled_too(stage: Stage) -> None:
    """In a thread, reactions work as in a channel."""
    thread = stage.channel.add_thread("boats")
    async with stage.running():
        interaction = await stage.alice.types("/imagine", thread, prompt="a boat")
        first = await stage.picture(interaction)
        await stage.settled()
        await stage.alice.reacts(first, DIE)
        await stage.discord.world.until(lambda: sum(map(has_picture, thread.messages_for(stage.alice))) == 2)


async def test_larger_keeps_the_seed_and_then_is_gone(stage: Stage) -> None:
    """The same seed at 4 MP, or at the pixels that a shape allows, as the button says; then there is no such button."""
    async with stage.running():
        first = await stage.picture(await stage.imagine(aspect_ratio="3:2", resolution="0.5"))
        second = await stage.picture(await stage.alice.presses(first, "⬆️"), timeout=30)
    old, new = stage.orders()
    assert new["fluxParams"] == {**old["fluxParams"], "resolution": "4MP"}
    size = second.payload()["attachments"][0]
    assert (size["width"], size["height"]) == pytest.approx((2048, 1360), abs=16)
    assert enlarging(first) == LARGER.format("2048×1360")
    assert enlarging(second) is None


@pytest.mark.parametrize(
    ("options", "label"),
    [
        ({}, "2048×2048"),
        ({"width": 512, "height": 512}, "2048×2048"),
        ({"aspect_ratio": "16:9", "resolution": "2"}, "2048×1152"),
        ({"aspect_ratio": "16:9", "resolution": "4"}, None),
        ({"aspect_ratio": "8:1"}, None),
        ({"width": 2048, "height": 512}, None),
    ],
)
async def test_the_button_says_how_large_the_picture_becomes(
    stage: Stage, options: dict[str, OptionValue], label: str | None
) -> None:
    """4 MP where the shape allows as much, otherwise its pixels, and no button where the model cannot enlarge it."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(**options), timeout=30)
    assert enlarging(picture) == (label and LARGER.format(label))


def enlarging(picture: Message) -> str | None:
    """Return the words on the button that enlarges a picture, if it has one."""
    return next((label for label in labels_of(picture) if label.startswith("Larger")), None)


async def test_remix_begins_with_everything_filled_in(stage: Stage) -> None:
    """The form has the prompt and each option; unchanged fields stay, the seed too, and edited ones change."""
    async with stage.running():
        first = await stage.picture(
            await stage.imagine(
                "a red boat", aspect_ratio="16:9", resolution="0.5", output_format="jpg", image1=photo()
            )
        )
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        second = await stage.picture(await stage.alice.submits(form, {"What to draw": "a red boat at night"}))
    old, new = stage.orders()
    assert new["prompt"] == "a red boat at night"
    without_links = [{**order["fluxParams"], "input_images": None} for order in (old, new)]
    assert without_links[0] == without_links[1]
    assert [[each.content for each in job.references] for job in stage.jobs()] == [[photo().content]] * 2
    assert "Remix of [this picture]" in text_of(second)


async def test_remix_takes_new_choices_and_more_images(stage: Stage) -> None:
    """Shape, resolution and format can be changed, and uploads come after the references that were there."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a boat", resolution="1", image1=photo(colour="red")))
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        fields: dict[str, FieldValue] = {
            "Shape": "16:9 widescreen",
            "Resolution": "Automatic",
            "File format": "png",
            "Reference images": [photo(colour="blue"), photo(colour="green")],
        }
        await stage.picture(await stage.alice.submits(form, fields))
    new, job = stage.orders()[1]["fluxParams"], stage.jobs()[1]
    assert (new["aspect_ratio"], new["output_format"]) == ("16:9", "png")
    assert "resolution" not in new
    assert len(set(seeds(stage))) == 1
    expected = [photo(colour=colour).content for colour in ("red", "blue", "green")]
    assert [reference.content for reference in job.references] == expected


async def test_a_form_that_makes_no_sense_gives_the_words_back(stage: Stage) -> None:
    """Discord closes the form; the sentence says what to change, and the prompt comes back as a file."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a boat"))
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        fields = {"What to draw": "a long and careful prompt", "Shape": "Same as the first reference image"}
        refused = await stage.alice.submits(form, fields)
        await refused.answered()
    assert refused.original is not None
    assert is_private(refused.original)
    assert "uses the first reference image" in text_of(refused.original)
    assert refused.original.attachments[0].read() == b"a long and careful prompt"
    assert len(stage.orders()) == 1


async def test_edit_this_makes_the_picture_the_first_reference(stage: Stage) -> None:
    """The picture's own bytes come first, then the uploads; its other references stay behind."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a boat", output_format="png", image1=photo(colour="black")))
        form = await stage.alice.presses(first, "Edit")
        await form.answered()
        fields: dict[str, FieldValue] = {
            "What should change?": "make it blue",
            "Reference images": [photo(colour="blue")],
        }
        second = await stage.picture(await stage.alice.submits(form, fields))
    old, new = stage.jobs()
    assert [reference.content for reference in new.references] == [old.images[0].content, photo(colour="blue").content]
    assert stage.orders()[1]["prompt"] == "make it blue"
    assert stage.orders()[1]["fluxParams"]["output_format"] == "png"
    assert "Edit of [this picture]" in text_of(second)


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.own_bot
async def test_a_reroll_works_when_the_links_are_dead(stage: Stage, count: int) -> None:
    """References are kept as bytes: when Discord's links have died, the very same images travel again, in order."""
    images = {f"image{n}": photo(f"{colour}.png", colour) for n, colour in enumerate(COLOURS[:count], start=1)}
    async with stage.running():
        interaction = await stage.imagine("a boat", **images)
        first = await stage.picture(interaction)
        await stage.settled()
        for file in stage.attached(interaction):
            file.gone = True
    stage.let_links_die()
    async with stage.running():
        await stage.alice.reacts(first, DIE)
        await stage.show_pictures(2)
    old, new = stage.jobs()
    assert [each.content for each in new.references] == [each.content for each in old.references]
    assert len(new.references) == count


@pytest.mark.promise(ApiframeFault.REFERENCE_GONE)
async def test_a_reroll_works_when_a_link_vanished_before_its_time(stage: Stage) -> None:
    """A command's attachment may be deleted long before its link expires: the stored copy is sent instead."""
    async with stage.running():
        interaction = await stage.imagine("a boat", image1=photo())
        first = await stage.picture(interaction)
        await stage.settled()
        [file] = stage.attached(interaction)
        file.gone = True
        await stage.picture(await stage.alice.presses(first, "Reroll"))
    assert [each.content for each in stage.jobs()[1].references] == [photo().content]


async def test_a_failure_offers_to_try_again(stage: Stage) -> None:
    """There is a button if trying again can help, and another one if a different prompt can."""
    async with stage.running():
        refused = await stage.imagine("contraband")
        await stage.shows("refused this prompt")
        assert refused.original is not None
        assert [button["label"] for button in refused.original.buttons] == ["Edit the prompt"]
        stage.apiframe.account.credits = 0
        await stage.imagine("a boat")
        failed = await stage.shows("out of credits")
        stage.apiframe.account.credits = 1000
        await stage.settled()
        await stage.picture(await stage.alice.presses(failed, "Try again"))
    assert [order["prompt"] for order in stage.orders()] == ["contraband", "a boat"]


async def test_a_stranger_presses_at_their_own_cost(stage: Stage) -> None:
    """Anybody in the channel may reroll, and it counts for the member who pressed."""
    bob = stage.joins("bob")
    limits = {"member": {"images_per_hour": 1, "images_per_day": 1, "concurrent": 1}}
    async with stage.running(limits=limits):
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        second = await stage.picture(await bob.presses(first, "Reroll"))
        refused = await stage.alice.presses(first, "Reroll")
        await refused.answered()
    assert f"<@{bob.user.id}>" in text_of(second)
    assert refused.original is not None
    assert is_private(refused.original)


async def test_the_first_larger_picture_of_a_member_comes_with_an_explanation(stage: Stage) -> None:
    """Once for each member, privately, and it holds nothing up."""
    bob = stage.joins("bob")
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        for member, told in ((stage.alice, True), (stage.alice, False), (bob, True)):
            interaction = await member.presses(first, "⬆️")
            await stage.picture(interaction, timeout=30)
            await stage.settled()
            assert [is_private(each) for each in interaction.follow_ups] == [True] * told
            assert all("details change" in each.text for each in interaction.follow_ups)
    assert len(stage.orders()) == 4


@pytest.mark.slow
async def test_larger_works_where_its_explanation_does_not_get_through(stage: Stage) -> None:
    """Discord refuses the private message, and the picture comes."""
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        stage.discord.faults.next("POST", "/webhooks/*/*", times=None, status=503)
        await stage.picture(await stage.alice.presses(first, "⬆️"), timeout=30)
    assert len(stage.orders()) == 2


async def test_a_picture_has_one_row_of_buttons_and_more_behind_the_last(stage: Stage) -> None:
    """More shows, to one person, what that person may do."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        await stage.settled()
        menus = [await pressed(stage, who, picture, MORE) for who in (stage.alice, bob)]
    assert labels_of(picture) == ["Reroll", "Remix", "Edit", "Larger · 2048×2048", "⋯ More"]
    assert all(map(is_private, menus))
    assert labels_of(menus[0]) == [
        "Details",
        "Use as reference",
        "Copy command",
        "Delete",
        "Save as style",
        "Favourite",
    ]
    assert labels_of(menus[1]) == ["Details", "Use as reference", "Copy command", "Save as style", "Favourite"]
    assert len(stage.orders()) == 1


async def test_a_private_picture_can_be_published_from_its_row_and_enlarged_from_more(stage: Stage) -> None:
    """Its card has to give way to a link once it is published, so that button stands on the card."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(private=True))
        await stage.settled()
        menu = await pressed(stage, stage.alice, picture, MORE)
        larger = await stage.picture(await stage.alice.presses(menu, "⬆️"), timeout=30)
    assert labels_of(picture) == ["Reroll", "Remix", "Edit", "Publish", "⋯ More"]
    more = ["Details", "Use as reference", "Copy command", "Larger · 2048×2048", "Delete", "Save as style", "Favourite"]
    assert labels_of(menu) == more
    assert is_private(larger)


async def test_use_as_reference_makes_another_picture_with_it(stage: Stage) -> None:
    """From the private menu, the form asks what to draw, and the picture is the first reference."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a boat", output_format="png"))
        await stage.settled()
        form = await stage.alice.presses(await pressed(stage, stage.alice, first, MORE), "Use as reference")
        await form.answered()
        second = await stage.picture(await stage.alice.submits(form, {"What to draw": "its captain"}))
    assert not is_private(second)
    assert [each.content for each in stage.jobs()[1].references] == [stage.jobs()[0].images[0].content]
    assert stage.orders()[1]["prompt"] == "its captain"


async def test_a_refused_prompt_can_be_edited_by_the_member_who_wrote_it(stage: Stage) -> None:
    """The form opens with the words and makes a new request; nobody else gets to see them there."""
    bob = stage.joins("bob")
    async with stage.running():
        await stage.imagine("contraband", aspect_ratio="16:9", image1=photo())
        refusal = await stage.shows("refused this prompt")
        await stage.settled()
        turned_away = await pressed(stage, bob, refusal, "Edit the prompt")
        form = await stage.alice.presses(refusal, "Edit the prompt")
        await form.answered()
        assert form.modal is not None
        assert form.modal["components"][0]["component"]["value"] == "contraband"
        await stage.picture(await stage.alice.submits(form, {"What to draw": "a cargo boat"}))
    assert "Only the member who wrote this prompt" in turned_away.text
    old, new = stage.orders()
    assert (old["prompt"], new["prompt"]) == ("contraband", "a cargo boat")
    assert new["fluxParams"]["aspect_ratio"] == "16:9"
    assert [each.content for each in stage.jobs()[1].references] == [photo().content]


@pytest.mark.parametrize(
    "options",
    [
        {"width": 512, "height": 768, "output_format": "jpg", "output_quality": 80},
        {"aspect_ratio": "7:5", "resolution": "0.5", "output_format": "webp", "output_quality": 1},
        {"aspect_ratio": "match_input_image", "resolution": "match_input_image", "image1": photo()},
        {"aspect_ratio": "21:9", "seed": 7},
        {},
    ],
    ids=["size", "own ratio", "as the reference", "usual ratio", "nothing"],
)
async def test_a_form_that_is_sent_as_it_opened_keeps_every_value(
    stage: Stage, options: dict[str, OptionValue]
) -> None:
    """Also those for which it has no field: size, seed and quality."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a boat", **options))
        await stage.settled()
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        await stage.picture(await stage.alice.submits(form, {}))
    old, new = ({**order["fluxParams"], "input_images": None} for order in stage.orders())
    assert old == new


async def test_the_edit_form_names_the_picture_and_takes_another_shape(stage: Stage) -> None:
    """It asks what should change, and its menus open with the picture's options."""
    async with stage.running():
        first = await stage.picture(await stage.imagine("a *red* boat at dawn", aspect_ratio="16:9", seed=7))
        await stage.settled()
        form = await stage.alice.presses(first, "Edit")
        await form.answered()
        assert form.modal is not None
        question = form.modal["components"][0]
        assert (question["label"], question["description"]) == (
            "What should change?",
            "Picture: a *red* boat at dawn",
        )
        changes: dict[str, FieldValue] = {
            "What should change?": "make it blue",
            "Shape": "1:1 square",
            "Resolution": "0.5 MP",
            "File format": "png",
        }
        await stage.picture(await stage.alice.submits(form, changes))
    new = stage.orders()[1]["fluxParams"]
    assert (new["aspect_ratio"], new["resolution"], new["output_format"]) == ("1:1", "0.5MP", "png")
    assert new["seed"] != 7
