"""The history: one's own pictures, paged and filtered, and one of them shown with its buttons."""

import re

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.bot.images.test_metadata import DAMAGED_WEBP
from tests.images import photo
from tests.journeys.answers import changed, guessed_button, labels_of, pressed, private_answer
from tests.promises import Attack
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot

MENU = "Choose a picture"


async def draw(stage: Stage, *prompts: str, **options: OptionValue) -> list[Message]:
    """Draw pictures for Alice, one after the other."""
    pictures = [await stage.picture(await stage.imagine(prompt, **options)) for prompt in prompts]
    await stage.settled()
    return pictures


async def history(stage: Stage, who: Person, **options: OptionValue) -> Message:
    """Make a person type `/history`, and return the response."""
    return await private_answer(stage, await who.types("/history", stage.channel, **options))


def listed(page: Message) -> list[str]:
    """Return the prompts on a page, in its order."""
    return re.findall(r"\*\*\d\.\*\* (.+)", page.text)


def emoji_of(page: Message) -> list[str]:
    """Return the buttons that turn a page."""
    return [button["emoji"]["name"] for button in page.buttons if "label" not in button]


async def test_an_empty_history_says_how_to_begin(stage: Stage) -> None:
    """Nobody is shown an empty page."""
    async with stage.running():
        page = await history(stage, stage.alice)
        assert is_private(page)
        assert "Use `/imagine`" in page.text
        assert "\\*boat\\*" in (await history(stage, stage.alice, words="*boat*")).text


@pytest.mark.own_bot
async def test_the_newest_come_first_and_pages_turn_after_a_restart(stage: Stage) -> None:
    """Six a page, each with its image, seed and link; the same private message shows the next ones."""
    prompts = [f"boat {number}" for number in range(1, 8)]
    async with stage.running():
        pictures = await draw(stage, *prompts)
        page = await history(stage, stage.alice)
        assert listed(page) == prompts[:0:-1]
        assert [a.filename for a in page.attachments] == [f"{n}.jpg" for n in range(6)]
        assert f"/{stage.channel.id}/{pictures[-1].id})" in page.text
        assert f"seed `{stage.orders()[-1]['fluxParams']['seed']}`" in page.text
        assert "page 1 of 2" in page.text
        assert emoji_of(page) == ["▶️"]
    async with stage.running():
        await changed(stage, await stage.alice.presses(page, "▶️"), "page 2 of 2")
        assert listed(page) == ["boat 1"]
        assert emoji_of(page) == ["◀️"]
        await changed(stage, await stage.alice.presses(page, "◀️"), "page 1 of 2")
        assert listed(page) == prompts[:0:-1]


async def test_words_filter_the_prompts_and_stay_while_paging(stage: Stage) -> None:
    """In any case and order, and also with a colon or a percent sign in them."""
    async with stage.running():
        await draw(stage, "a Red boat: 100% steel", *(f"a red dog {number}" for number in range(7)))
        assert listed(await history(stage, stage.alice, words="STEEL red")) == ["a Red boat\\: 100\\% steel"]
        assert listed(await history(stage, stage.alice, words="boat: 100%")) == ["a Red boat\\: 100\\% steel"]
        assert "No pictures here with: words **green**" in (await history(stage, stage.alice, words="green")).text
        dogs = await history(stage, stage.alice, words="dog")
        await changed(stage, await stage.alice.presses(dogs, "▶️"), "page 2 of 2")
        assert listed(dogs) == ["a red dog 0"]


async def chosen(stage: Stage, who: Person, page: Message, option: str) -> Message:
    """Choose a picture from a page, and return the private message that shows it."""
    return await private_answer(stage, await who.selects(page, MENU, option))


@pytest.mark.own_bot
async def test_choosing_one_shows_it_and_spends_nothing(stage: Stage) -> None:
    """After a restart too: privately, with a link to it and the buttons that it has in the channel."""
    async with stage.running():
        [first, _] = await draw(stage, "a red boat", "a dog", image1=photo(), aspect_ratio="3:2")
        page = await history(stage, stage.alice)
    async with stage.running():
        shown = await chosen(stage, stage.alice, page, "2. a red boat")
    assert is_private(shown)
    assert len(shown.attachments) == 1
    assert "a red boat" in shown.text
    assert labels_of(shown) == ["Open", "Reroll", "Remix", "Larger · 2048×1360", "Delete", "Favourite"]
    assert shown.buttons[0]["url"].endswith(f"/{stage.channel.id}/{first.id}")
    assert len(stage.orders()) == 2


async def test_a_chosen_picture_is_rerolled_and_remixed_like_the_picture_itself(stage: Stage) -> None:
    """In another channel too, where the new card's link leads to the picture that it comes from."""
    elsewhere = stage.guild.add_channel("elsewhere")
    async with stage.running():
        [first] = await draw(stage, "a red boat", image1=photo())
        page = await private_answer(stage, await stage.alice.types("/history", elsewhere))
        shown = await chosen(stage, stage.alice, page, "1. a red boat")
        reroll = await stage.picture(await stage.alice.presses(shown, "Reroll"))
        form = await stage.alice.presses(shown, "Remix")
        await form.answered()
        await stage.picture(await stage.alice.submits(form, {"What to draw": "a blue boat"}))
        larger = await stage.picture(await stage.alice.presses(shown, "⬆️"), timeout=30)
    assert not is_private(reroll)
    assert f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{first.id}" in reroll.text
    assert [order["prompt"] for order in stage.orders()] == ["a red boat", "a red boat", "a blue boat", "a red boat"]
    seeds = [order["fluxParams"]["seed"] for order in stage.orders()]
    assert seeds[0] == seeds[2] == seeds[3] != seeds[1]
    assert larger.payload()["attachments"][0]["width"] == 2048


async def test_a_chosen_picture_is_deleted_after_one_question(stage: Stage) -> None:
    """A private one leaves the history too, although Discord keeps its message."""
    async with stage.running():
        await draw(stage, "a red boat")
        await draw(stage, "a secret", private=True)
        for option, question in (("1. a secret", "you can dismiss it"), ("1. a red boat", "for everyone")):
            shown = await chosen(stage, stage.alice, await history(stage, stage.alice), option)
            asked = await pressed(stage, stage.alice, shown, "Delete")
            assert question in asked.text
            await changed(stage, await stage.alice.presses(asked, "Delete"), "Deleted.")
        assert "no pictures here yet" in (await history(stage, stage.alice)).text


async def test_a_moderator_sees_what_they_may_do_with_a_members_picture(stage: Stage) -> None:
    """Manage Server opens the history and deletes nothing; Manage Messages in the picture's channel does."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_GUILD)])
    async with stage.running():
        await draw(stage, "a red boat")
        page = await history(stage, moderator, member=stage.alice)
        assert "Delete" not in labels_of(await chosen(stage, moderator, page, "1. a red boat"))
        stage.guild.members[moderator.id].gains(stage.guild.add_role("janitors", Permission.MANAGE_MESSAGES))
        assert "Delete" in labels_of(await chosen(stage, moderator, page, "1. a red boat"))


async def test_private_pictures_are_in_ones_own_history_alone(stage: Stage) -> None:
    """Their owner sees them, without a link, covered if they were; moderators do not; made again, they stay private."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_GUILD)])
    async with stage.running():
        [secret] = await draw(stage, "a secret", private=True, spoiler=True)
        page = await history(stage, stage.alice)
        assert listed(page) == ["a secret"]
        assert str(secret.id) not in page.text
        [item] = next(part["items"] for part in walk(page.components) if "items" in part)
        assert item["spoiler"]
        assert "has no pictures here" in (await history(stage, moderator, member=stage.alice)).text
        shown = await chosen(stage, stage.alice, page, "1. a secret")
        assert labels_of(shown) == ["Reroll", "Remix", "Larger · 2048×2048", "Delete", "Favourite"]
        again = await stage.picture(await stage.alice.presses(shown, "Reroll"))
        assert is_private(again)


async def test_moderators_may_look_at_somebody_elses(stage: Stage) -> None:
    """Manage Messages or Manage Server opens a member's public pictures; strangers are refused privately."""
    bob = stage.joins("bob")
    async with stage.running():
        await draw(stage, "a red boat")
        assert "Only moderators" in (await history(stage, bob, member=stage.alice)).text
        for permission in (Permission.MANAGE_MESSAGES, Permission.MANAGE_GUILD):
            role = stage.guild.add_role(permission.name or "", permission)
            stage.guild.members[bob.id].gains(role)
            assert listed(await history(stage, bob, member=stage.alice)) == ["a red boat"]
            stage.guild.members[bob.id].loses(role)


async def test_a_page_cannot_be_turned_to_somebody_else(stage: Stage) -> None:
    """Neither a guessed id nor the rights in one channel show what a person may not see."""
    bob = stage.joins("bob")
    stage.channel.overwrite(bob, allow=Permission.MANAGE_MESSAGES)
    async with stage.running():
        await draw(stage, "a red boat")
        guess = guessed_button(stage, stage.channel, f"h:{stage.alice.user.id:x}:0:::::")
        refused = await private_answer(stage, await bob.presses(guess, "guessed"))
    assert "Only moderators" in refused.text


async def test_another_servers_pictures_stay_there(stage: Stage) -> None:
    """A history holds the pictures of the server in which it is asked for."""
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    alice_there = stage.discord.person(elsewhere.add_member(stage.alice.user))
    async with stage.running():
        await draw(stage, "a red boat")
        there = elsewhere.add_channel("pictures")
        page = await private_answer(stage, await alice_there.types("/history", there))
    assert "no pictures here yet" in page.text


async def test_pages_that_are_gone_lead_to_the_last_one(stage: Stage) -> None:
    """A page whose pictures were deleted in the meantime shows the rest."""
    async with stage.running():
        await draw(stage, "a red boat")
        guess = guessed_button(stage, stage.channel, f"h:{stage.alice.user.id:x}:7:::::")
        await changed(stage, await stage.alice.presses(guess, "guessed"), "page 1 of 1")
        assert listed(guess) == ["a red boat"]


async def test_files_that_are_no_longer_kept_are_said_so(stage: Stage) -> None:
    """A picture that is older than the retention time is listed without its image."""
    async with stage.running():
        await draw(stage, "a red boat")
        for file in (stage.folder / "images").rglob("*.*"):
            file.unlink()
        page = await history(stage, stage.alice)
    assert listed(page) == ["a red boat"]
    assert "no longer stored" in page.text
    assert page.attachments == ()


@pytest.mark.promise(Attack.DAMAGED_COPY)
async def test_one_damaged_file_hides_no_other_picture(stage: Stage) -> None:
    """A page shows what it can, and says which picture it cannot show."""
    async with stage.running():
        await draw(stage, "a red boat", "a dog", "a cat", output_format="webp")
        oldest, *_ = sorted((stage.folder / "images").rglob("*.webp"), key=lambda file: file.stat().st_mtime_ns)
        oldest.write_bytes(DAMAGED_WEBP)
        page = await history(stage, stage.alice)
    assert listed(page) == ["a cat", "a dog", "a red boat"]
    assert len(page.attachments) == 2
    assert page.text.count("image damaged") == 1
