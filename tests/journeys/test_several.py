"""Several pictures from one command: one card, and each picture with a seed, a price and an end of its own."""

import json

from cogs.ui.text import SMALLER
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.discord.components import walk
from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import changed, labels_of, private_answer
from tests.journeys.test_privacy import asks, is_forgotten, kept_images, unpacked
from tests.stage import GENERATION, TIMEOUT_SECONDS, Stage, is_private, text_of

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock
DIE = "🎲"


async def test_four_pictures_fill_one_card(stage: Stage) -> None:
    """One message has all four, each ordered with a seed of its own, below one price."""
    async with stage.running():
        interaction = await stage.imagine(count=4)
        await stage.settled()
        card = await shows(stage, interaction.original, "4 of 4")
        await stage.discord.world.until(lambda: DIE in card.reactions)
    assert stage.channel.messages_for(stage.alice) == [card]
    assert len({each.filename for each in card.draft.attachments}) == 4
    assert gallery_of(card) == 4
    assert len({order["fluxParams"]["seed"] for order in stage.orders()}) == 4
    assert f"{sum(job.cost for job in stage.jobs())} credits" in text_of(card)


async def test_seeds_count_on_from_a_chosen_one(stage: Stage) -> None:
    """The first picture has the seed that was typed, so that it can be made again."""
    async with stage.running():
        await stage.imagine(count=3, seed=7)
        await stage.settled()
    assert sorted(order["fluxParams"]["seed"] for order in stage.orders()) == [7, 8, 9]


async def test_a_picture_that_fails_leaves_the_others(stage: Stage) -> None:
    """The card has three pictures and the reason for the fourth, which costs nothing."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY))
    async with stage.running():
        interaction = await stage.imagine(count=4)
        await stage.settled()
        card = await shows(stage, interaction.original, "3 of 4")
        await shows(stage, card, "refused this prompt")
    assert gallery_of(card) == len(card.draft.attachments) == 3
    assert stage.channel.messages_for(stage.alice) == [card]


async def test_pictures_that_all_fail_end_in_one_card(stage: Stage) -> None:
    """It has each reason, and no picture."""
    stage.apiframe.faults.arm(Fault(Kind.POLICY, times=2))
    async with stage.running():
        interaction = await stage.imagine(count=2)
        await stage.settled()
        card = await shows(stage, interaction.original, "Picture 2:")
        await shows(stage, card, "Picture 1:")
    assert "0 of 2" in text_of(card)
    assert stage.channel.messages_for(stage.alice) == [card]


async def test_limits_see_all_pictures_and_offer_fewer(stage: Stage) -> None:
    """Of four, three are allowed: nothing is reserved until the member takes three."""
    async with stage.running(limits={"member": {"images_per_hour": 3}}):
        answer = await private_answer(stage, await stage.imagine(count=4))
        assert "3 would be allowed now" in text_of(answer)
        assert stage.jobs() == []
        press = await stage.alice.presses(answer, "Make 3 pictures")
        await press.answered()
        await stage.settled()
        await shows(stage, press.original, "3 of 3")
    assert len(stage.jobs()) == 3


async def test_the_limit_of_pictures_per_command_refuses_more(stage: Stage) -> None:
    """A server that allows two says so, and a member may take two."""
    async with stage.running(limits={"server": {"pictures_per_request": 2}}):
        answer = await private_answer(stage, await stage.imagine(count=4))
        assert "Pictures per command" in text_of(answer)
        assert [each["label"] for each in answer.buttons] == ["Make 2 pictures"]
        await stage.imagine(count=2)
        await stage.settled()
    assert len(stage.jobs()) == 2


async def test_cancel_ends_every_picture_that_waits(stage: Stage) -> None:
    """One is being made and comes; the two that wait are refunded, and the card says so."""
    stage.apiframe.pace = SLOW
    async with stage.running(generation={**GENERATION, "concurrency": 1}):
        interaction = await stage.imagine(count=3)
        await stage.apiframe.until(stage.jobs)
        card = await shows(stage, interaction.original, "Drawing")
        press = await stage.alice.presses(card, "Cancel")
        await changed(stage, press, "You cancelled this picture.")
        stage.clock.wind(SLOW.drawing)
        await stage.settled()
        await shows(stage, card, "1 of 3")
    assert len(stage.jobs()) == 1
    assert gallery_of(card) == 1
    assert text_of(card).count("You cancelled this picture.") == 2


async def test_the_menu_leads_to_one_picture(stage: Stage) -> None:
    """A chosen picture is rerolled and deleted, and no other is."""
    async with stage.running():
        interaction = await stage.imagine(count=3)
        await stage.settled()
        card = await shows(stage, interaction.original, "3 of 3")
        chosen = await chooses(stage, card, 1)
        await (await stage.alice.presses(chosen, "Reroll")).answered()
        await stage.settled()
        asked = await private_answer(stage, await stage.alice.presses(chosen, "Delete"))
        await changed(stage, await stage.alice.presses(asked, "Delete"), "Deleted.")
        assert gallery_of(card) == 2
    assert len(card.draft.attachments) == 2
    first, second, third, again = stage.orders()
    assert again["fluxParams"]["seed"] not in {each["fluxParams"]["seed"] for each in (first, second, third)}
    assert f"{sum(job.cost for job in stage.jobs()[:3])} credits" in text_of(card)


async def test_large_pictures_share_the_message(stage: Stage) -> None:
    """Four that are too large together become smaller, and none is lost; the last one may fit beside the copies."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=9, times=4))
    async with stage.running():
        interaction = await stage.imagine(count=4, output_format="png")
        await stage.settled()
        card = await shows(stage, interaction.original, "4 of 4")
    files = card.payload()["attachments"]
    sizes = [each["size"] for each in files]
    assert sum(sizes) <= 25 * 1024 * 1024
    assert min(sizes) > 2_500_000
    assert gallery_of(card) == 4
    copies = [each["filename"] for each in files if SMALLER in each["filename"]]
    assert len(copies) >= 3
    assert text_of(card).count("is a smaller copy") == len(copies)


async def test_small_pictures_leave_room_for_a_large_one(stage: Stage) -> None:
    """A picture within Discord's bound for a file stays as it is, though it is larger than an equal share."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=9))
    async with stage.running():
        interaction = await stage.imagine(count=4, output_format="png")
        await stage.settled()
        card = await shows(stage, interaction.original, "4 of 4")
    assert max(each["size"] for each in card.payload()["attachments"]) > 8_000_000


async def test_one_picture_is_posted_separately(stage: Stage) -> None:
    """It gets a message of its own below the card, without a new order, and its deletion deletes both."""
    async with stage.running():
        interaction = await stage.imagine(count=3)
        await stage.settled()
        card = await shows(stage, interaction.original, "3 of 3")
        chosen = await chooses(stage, card, 2)
        labels = labels_of(chosen)
        assert labels[:3] == ["Reroll", "Remix", "Edit"]
        assert labels[4:] == [
            *("Post separately", "Details", "Use as reference", "Copy command", "Delete", "Save as style", "Favourite"),
        ]
        await changed(stage, await stage.alice.presses(chosen, "Post separately"), "Posted: [open it]")
        [_card, own] = await stage.show_pictures(2)
        await stage.alice.reacts(own, DIE)
        await stage.show_pictures(3)
        await stage.settled()
        asked = await private_answer(stage, await stage.alice.presses(await chooses(stage, card, 2), "Delete"))
        await changed(stage, await stage.alice.presses(asked, "Delete"), "Deleted.")
    assert own.deleted_at is not None
    assert own.reference is card
    assert gallery_of(card) == 2
    assert len(stage.orders()) == 4


async def test_the_details_of_a_card_begin_with_a_choice(stage: Stage) -> None:
    """The message's menu asks which picture is meant, and leads to its buttons."""
    async with stage.running():
        interaction = await stage.imagine(count=2, seed=7)
        await stage.settled()
        card = await shows(stage, interaction.original, "2 of 2")
        asked = await private_answer(stage, await stage.alice.uses(card, "Picture details"))
        assert "Which one?" in text_of(asked)
        chosen = await chooses(stage, asked, 2)
        assert "Seed: `8`" in text_of(await private_answer(stage, await stage.alice.presses(chosen, "Details")))


async def test_reroll_all_makes_as_many_again(stage: Stage) -> None:
    """By the button and by the die below the card, in one card each."""
    async with stage.running():
        interaction = await stage.imagine(count=2)
        await stage.settled()
        card = await shows(stage, interaction.original, "2 of 2")
        await (await stage.alice.presses(card, "Reroll all")).answered()
        await stage.show_pictures(2)
        await stage.settled()
        await stage.alice.reacts(card, DIE)
        await stage.show_pictures(3)
        await stage.settled()
    assert [len(each.draft.attachments) for each in stage.pictures()] == [2, 2, 2]


async def test_a_number_rerolls_the_picture_of_this_place(stage: Stage) -> None:
    """2️⃣ below a card makes one picture; 4️⃣ below one of two pictures, and 1️⃣ below a single one, make none."""
    async with stage.running():
        interaction = await stage.imagine(count=2)
        single = await stage.picture(await stage.imagine())
        await stage.settled()
        card = await shows(stage, interaction.original, "2 of 2")
        await stage.alice.reacts(single, "1️⃣")
        await stage.alice.reacts(card, "4️⃣")
        await stage.alice.reacts(card, "2️⃣")
        await stage.show_pictures(3)
        await stage.settled()
    assert len(stage.orders()) == 4


async def test_a_card_that_was_deleted_is_replaced_by_one_card(stage: Stage) -> None:
    """Pictures that come after a moderator deleted the card share a new one."""
    stage.apiframe.pace = SLOW
    async with stage.running():
        interaction = await stage.imagine(count=3)
        await stage.apiframe.until(lambda: len(stage.jobs()) == 3)
        assert interaction.original is not None
        stage.discord.world.delete(interaction.original)
        stage.clock.wind(SLOW.drawing)
        await stage.settled()
    [card] = stage.pictures()
    assert gallery_of(card) == len(card.draft.attachments) == 3


async def test_private_pictures_share_a_private_card(stage: Stage) -> None:
    """Nobody else sees any; a chosen one is published, hidden as a spoiler, and the others stay private."""
    bob = stage.joins("bob")
    async with stage.running():
        interaction = await stage.imagine(count=3, private=True, spoiler=True)
        await stage.settled()
        card = await shows(stage, interaction.original, "3 of 3")
        assert is_private(card)
        assert stage.channel.messages_for(bob) == []
        chosen = await chooses(stage, card, 2)
        await changed(stage, await stage.alice.presses(chosen, "Publish"), "Published")
    [published] = stage.channel.messages_for(bob)
    shown = [part for message in (card, published) for part in walk(list(message.draft.components)) if "items" in part]
    assert [[item["spoiler"] for item in gallery["items"]] for gallery in shown] == [[True] * 3, [True]]


async def test_erasure_and_export_cover_every_picture(stage: Stage) -> None:
    """The export has all three, and the erasure takes the card and everything that was kept."""
    async with stage.running():
        interaction = await stage.imagine(count=3, image1=photo("a.png", "blue"))
        await stage.settled()
        card = await shows(stage, interaction.original, "3 of 3")
        exported = unpacked(await asks(stage, stage.alice, "/privacy export"))
        assert [each["batch_place"] for each in json.loads(exported["pictures-1.json"])] == [1, 2, 3]
        await is_forgotten(stage, stage.alice)
        await stage.discord.world.until(lambda: card.deleted_at is not None and not kept_images(stage), TIMEOUT_SECONDS)


async def test_a_card_whose_buttons_discord_refuses_still_fills(stage: Stage) -> None:
    """As bare words and pictures, it has all of them."""
    stage.discord.faults.next("PATCH", "/webhooks/*", with_file=True, status=400, code=50035, times=2)
    async with stage.running():
        interaction = await stage.imagine(count=2)
        await stage.settled()
        card = await shows(stage, interaction.original, "2 of 2")
    assert len(card.draft.attachments) == 2
    assert stage.channel.messages_for(stage.alice) == [card]


async def shows(stage: Stage, message: Message | None, words: str) -> Message:
    """Wait until a message says `words`, and return it."""
    assert message is not None
    await stage.discord.world.until(lambda: words in text_of(message), TIMEOUT_SECONDS)
    return message


async def chooses(stage: Stage, card: Message, place: int) -> Message:
    """Choose a picture of a card, and return the private answer."""
    menu = next(each for row in rows_of(card) for each in row["components"] if each["type"] == 3)
    chosen = menu["options"][place - 1]["value"]
    return await private_answer(stage, await stage.alice.selects(card, menu["custom_id"], chosen))


def rows_of(card: Message) -> list[dict]:  # type: ignore[type-arg]
    return [each for each in card.draft.components[0]["components"] if each["type"] == 1]


def gallery_of(card: Message) -> int:
    """Return how many pictures a card shows."""
    return sum(len(each["items"]) for each in card.draft.components[0]["components"] if each["type"] == 12)
