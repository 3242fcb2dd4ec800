"""The member whose Discord refuses how a message looks: the reason, and the picture, come without the decoration."""

from collections.abc import Iterable
from typing import Any

import pytest

from bot.picture.generation import State
from standins.apiframe.faults import Fault, Kind
from standins.discord.components import walk
from standins.discord.model.messages import Message
from tests.faults.ledgers import Books
from tests.images import COLOURS, photo
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, has_picture, text_of

pytestmark = [
    pytest.mark.shared_bot,
    pytest.mark.usefixtures("database_url"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NO_PROGRESS = {**GENERATION, "progress_seconds": 60}  # so that nothing but what counts goes to the card
BUTTON, TEXT, GALLERY, SEPARATOR, CONTAINER = 2, 10, 12, 14, 17
BAD_FORM = 50035
NO_PICTURE = 5000  # bytes, which a card without one does not have
refusals = pytest.mark.parametrize(
    ("refused", "kinds"),
    [(1, {CONTAINER, TEXT, GALLERY}), (2, {TEXT, GALLERY})],
    ids=["without buttons", "as bare words"],
)


def kinds_in(message: Message) -> set[int]:
    """Return of which kinds a message's components are."""
    return {part["type"] for part in walk(list(message.draft.components))}


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@refusals
async def test_a_picture_comes_without_what_discord_refuses(
    stage: Stage, books: Books, refused: int, kinds: set[int]
) -> None:
    """The card becomes the picture, with its seed and its words, and with as few parts as need be."""
    stage.discord.faults.next("PATCH", "/webhooks/*", times=refused, status=400, code=BAD_FORM, over_bytes=NO_PICTURE)
    async with stage.running(generation=NO_PROGRESS):
        picture = await stage.picture(await stage.imagine())
        [generation] = await books.closed()
    assert kinds_in(picture) == kinds
    assert "a red boat at dawn" in text_of(picture)
    assert stage.channel.messages_for(stage.alice) == [picture]
    assert generation.state is State.DELIVERED


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@refusals
async def test_a_picture_that_is_posted_anew_comes_without_it_too(
    stage: Stage, books: Books, refused: int, kinds: set[int]
) -> None:
    """The same for a message of its own in the channel."""
    stage.discord.faults.next("POST", "/channels/*/messages", times=refused, status=400, code=BAD_FORM)
    async with stage.running(generation=NO_PROGRESS):
        (await stage.imagine()).kill_token()
        [picture] = await stage.show_pictures(1)
        await books.closed()
    assert kinds_in(picture) == kinds


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
async def test_a_covered_picture_stays_covered(stage: Stage, books: Books) -> None:
    """A spoiler isn't decoration."""
    stage.discord.faults.next("PATCH", "/webhooks/*", times=2, status=400, code=BAD_FORM, over_bytes=NO_PICTURE)
    async with stage.running(generation=NO_PROGRESS):
        picture = await stage.picture(await stage.imagine(spoiler=True))
        await books.closed()
    assert [item["spoiler"] for item in items_of(picture)] == [True]


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@refusals
@pytest.mark.parametrize("path", ["card", "channel", "direct message"])
async def test_a_reason_comes_without_what_discord_refuses(
    stage: Stage, books: Books, path: str, refused: int, kinds: set[int]
) -> None:
    """Why there is no picture is said in the card, in the channel, or to the person."""
    stage.apiframe.faults.arm(Fault(Kind.MODEL_FAILURE))
    method, where = ("PATCH", "/webhooks/*") if path == "card" else ("POST", "/channels/*/messages")
    talk = stage.alice.opens_direct_messages()
    async with stage.running(generation=NO_PROGRESS):
        if path == "direct message":
            stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=0.5))
            where = f"/channels/{talk.id}/messages"
        interaction = await stage.imagine()
        if path != "card":
            interaction.kill_token()
        if path == "direct message":
            stage.channel.delete()
        stage.discord.faults.next(method, where, times=refused, status=400, code=BAD_FORM)

        def reasons() -> list[Message]:
            said = [*stage.channel.messages_for(stage.alice), *talk.messages_for(stage.alice)]
            return [each for each in said if "couldn't make this picture" in text_of(each)]

        await stage.discord.world.until(reasons, 15)
        [reason] = reasons()
        await books.closed()
    assert kinds_in(reason) == kinds - {GALLERY}
    assert "Nothing was charged." in text_of(reason)


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@refusals
@pytest.mark.parametrize("first", [True, False], ids=["first answer", "later answer"])
async def test_an_answer_to_a_command_comes_without_what_discord_refuses(
    stage: Stage, refused: int, kinds: set[int], first: bool
) -> None:
    """A question, or a server's limits, without the button that Discord does not take."""
    asking = stage.alice if first else moderator_of(stage)
    method, path = ("POST", "/interactions/*") if first else ("PATCH", "/webhooks/*")
    async with stage.running():
        stage.discord.faults.next(method, path, times=refused, status=400, code=BAD_FORM)
        asked = await asking.types("/privacy delete" if first else "/limits show", stage.channel)
        answer = await private_answer(stage, asked)
    assert kinds_in(answer) - {SEPARATOR} == kinds - {GALLERY}


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@pytest.mark.parametrize("refused", [1, 2])
async def test_a_refusal_in_a_reply_does_not_hang_on_its_form(stage: Stage, refused: int) -> None:
    """A mention without a prompt gets an explanation."""
    stage.discord.faults.next("POST", "/channels/*/messages", times=refused, status=400, code=BAD_FORM)
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}>")
        await stage.shows("How to make a picture")


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
@pytest.mark.parametrize(
    "kind", [Kind.MODEL_FAILURE, Kind.OUT_OF_CREDITS, Kind.MISSING, Kind.POLICY], ids=lambda kind: kind.name.lower()
)
async def test_every_reason_is_said_at_the_first_try(stage: Stage, books: Books, kind: Kind) -> None:
    """Discord takes a reason as it is meant to look."""
    refused: list[int] = []
    stage.discord.observers.append(lambda exchange: refused.append(exchange.status) if exchange.status >= 400 else None)
    stage.apiframe.faults.arm(Fault(kind, times=None))
    async with stage.running(generation={**NO_PROGRESS, "fetch_timeout_seconds": 0.2}):
        interaction = await stage.imagine()
        [generation] = await books.closed()
        message = interaction.original
        assert message is not None
        await stage.discord.world.until(lambda: not has_picture(message) and len(message.history) > 1)
    assert generation.failure is not None
    assert refused == []
    assert BUTTON in kinds_in(message) or kind is Kind.POLICY


def items_of(message: Message) -> Iterable[dict[str, Any]]:
    """Return what a message's galleries show."""
    return [item for part in walk(list(message.draft.components)) for item in part.get("items", [])]


@pytest.mark.promise(DiscordFault.DECORATION_REJECTED)
async def test_what_would_be_left_out_is_said_without_the_buttons(stage: Stage) -> None:
    """A private question whose buttons are refused still names the images, and spends nothing."""
    images = [photo(f"{n}.png", colour) for n, colour in enumerate((*COLOURS, "white"))]
    async with stage.running():
        shown = await stage.alice.sends(stage.channel, "my cats", attachments=images)
        form = await stage.alice.uses(shown, "Imagine from this")
        await form.answered()
        stage.discord.faults.next("POST", "/interactions/*", status=400, code=BAD_FORM)
        question = await private_answer(stage, await stage.alice.submits(form, {"What to draw": "all of them"}))
    assert "These would be left out: image 9" in text_of(question)
    assert question.buttons == []
    assert stage.orders() == []
