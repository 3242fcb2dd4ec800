"""Interactions are answered once, in time, by a token that dies; and each person sees what is meant for them."""

import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn, InvalidOptionError, NotAnsweredError, UnusableError
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import Interaction
from tests.standins.discord.conftest import Api

IMAGINE = {
    "name": "imagine",
    "description": "Draw",
    "options": [
        {"type": 3, "name": "prompt", "description": "What", "required": True, "max_length": 20},
        {"type": 3, "name": "ratio", "description": "Shape", "autocomplete": True},
        {"type": 4, "name": "width", "description": "Pixels", "min_value": 256, "max_value": 2048},
        {"type": 3, "name": "format", "description": "File", "choices": [{"name": "PNG", "value": "png"}]},
        {"type": 11, "name": "image1", "description": "Reference"},
    ],
}
EPHEMERAL = 64


@pytest.fixture
async def asked(standin: DiscordStandIn, channel: Channel, alice: Person) -> Interaction:
    """Register `/imagine` and let Alice type it."""
    standin.world.commands.register(IMAGINE, None)
    return await alice.types("/imagine", channel, prompt="a red boat")


def callback(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def webhook(interaction: Interaction, message: str = "") -> str:
    base = f"/webhooks/{interaction.platform.application_id}/{interaction.token}"
    return f"{base}/messages/{message}" if message else base


async def test_a_second_answer_is_refused(asked: Interaction, api: Api) -> None:
    """The first answer counts; the next gets 40060."""
    first = await api("POST", callback(asked), {"type": 4, "data": {"content": "one"}})
    second = await api("POST", callback(asked), {"type": 4, "data": {"content": "two"}})
    assert (first.status, second.status, second.body["code"]) == (204, 400, 40060)
    assert asked.original is not None
    assert asked.original.content == "one"


async def test_an_answer_after_three_seconds_is_too_late(asked: Interaction, api: Api, clock: Clock) -> None:
    """The interaction is unknown by then (10062), and its person reads that the app did not respond."""
    clock.wind(3.1)
    late = await api("POST", callback(asked), {"type": 5})
    assert (late.status, late.body["code"]) == (404, 10062)
    with pytest.raises(NotAnsweredError):
        await asked.answered()


async def test_the_token_dies_after_fifteen_minutes(asked: Interaction, api: Api, clock: Clock) -> None:
    """Edits work until then, and get 50027 afterwards."""
    await api("POST", callback(asked), {"type": 5})
    assert (await api("PATCH", webhook(asked, "@original"), {"content": "soon"})).status == 200
    clock.wind(15 * 60)
    dead = await api("PATCH", webhook(asked, "@original"), {"content": "late"})
    assert (dead.status, dead.body["code"]) == (401, 50027)


async def test_a_token_can_die_early(asked: Interaction, api: Api) -> None:
    """A test may let one token die as some do in life."""
    await api("POST", callback(asked), {"type": 5})
    asked.kill_token()
    assert (await api("POST", webhook(asked), {"content": "late"})).body["code"] == 50027


async def test_all_tokens_can_die_at_once(
    asked: Interaction, api: Api, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """Every open interaction is closed; later ones have valid tokens."""
    await api("POST", callback(asked), {"type": 5})
    assert standin.world.open_interactions() == [asked]
    standin.world.kill_tokens()
    assert (await api("POST", webhook(asked), {"content": "late"})).body["code"] == 50027
    again = await alice.types("/imagine", channel, prompt="a blue boat")
    assert standin.world.open_interactions() == [again]


async def test_a_token_is_nothing_before_the_first_answer(asked: Interaction, api: Api) -> None:
    """A follow-up before the first response goes to an unknown webhook."""
    assert (await api("POST", webhook(asked), {"content": "early"})).body["code"] == 10015


async def test_an_ephemeral_answer_is_seen_by_one_person(
    asked: Interaction, api: Api, channel: Channel, alice: Person, guild: Guild, standin: DiscordStandIn
) -> None:
    """Alice sees the private answer, Bob does not, and the bot's token cannot fetch it."""
    bob = standin.person(guild.add_member("Bob"))
    await api("POST", callback(asked), {"type": 4, "data": {"content": "psst", "flags": EPHEMERAL}})
    assert [message.content for message in channel.messages_for(alice)] == ["psst"]
    assert channel.messages_for(bob) == []
    assert asked.original is not None
    assert (await api("GET", f"/channels/{channel.id}/messages/{asked.original.id}")).body["code"] == 10008


async def test_the_first_follow_up_fills_a_deferred_answer(asked: Interaction, api: Api) -> None:
    """It takes the place of "thinking", and stays as private as the deferral was."""
    await api("POST", callback(asked), {"type": 5, "data": {"flags": EPHEMERAL}})
    assert asked.original is not None
    assert asked.original.is_loading
    filled = await api("POST", webhook(asked), {"content": "here"})
    assert filled.body["id"] == str(asked.original.id)
    assert filled.body["flags"] == EPHEMERAL
    assert (asked.original.content, asked.follow_ups) == ("here", [])


async def test_follow_ups_can_be_read_changed_and_deleted(asked: Interaction, api: Api) -> None:
    """Each has its own id below the token; deleting `@original` leaves them alone."""
    await api("POST", callback(asked), {"type": 4, "data": {"content": "first"}})
    second = (await api("POST", webhook(asked), {"content": "second"})).body["id"]
    await api("PATCH", webhook(asked, second), {"content": "changed"})
    assert (await api("GET", webhook(asked, second))).body["content"] == "changed"
    await api("DELETE", webhook(asked, "@original"))
    assert asked.original is None
    assert [message.content for message in asked.follow_ups] == ["changed"]
    await api("DELETE", webhook(asked, second))
    assert (await api("GET", webhook(asked, second))).body["code"] == 10008


async def test_the_answer_may_be_told_what_came_of_it(asked: Interaction, api: Api) -> None:
    """With `with_response`, the callback's answer carries the message."""
    told = await api("POST", callback(asked) + "?with_response=true", {"type": 4, "data": {"content": "one"}})
    assert told.body["resource"]["message"]["content"] == "one"
    assert told.body["interaction"]["response_message_ephemeral"] is False


async def test_too_many_choices_are_refused(standin: DiscordStandIn, asked: Interaction, api: Api) -> None:
    """The 26th choice refuses the whole answer."""
    typing = standin.client.complete(asked.user, "/imagine", asked.channel, "ratio", "1", {})
    choices = [{"name": f"{number}", "value": f"{number}"} for number in range(26)]
    refused = await api("POST", callback(typing), {"type": 8, "data": {"choices": choices}})
    assert "choices" in refused.body["errors"]["data"]


async def test_a_modal_must_come_first(asked: Interaction, api: Api) -> None:
    """After a deferral there is no way to open one; and a title has at most 45 characters."""
    modal = {"title": "t" * 46, "custom_id": "m", "components": []}
    refused = await api("POST", callback(asked), {"type": 9, "data": modal})
    assert set(refused.body["errors"]["data"]) == {"title", "components"}
    await api("POST", callback(asked), {"type": 5})
    text = {"type": 10, "content": "x"}
    late = await api("POST", callback(asked), {"type": 9, "data": modal | {"title": "t", "components": [text]}})
    assert late.body["code"] == 40060


async def test_nobody_can_answer_in_another_applications_name(asked: Interaction, api: Api) -> None:
    """A token below another application's id names no webhook."""
    await api("POST", callback(asked), {"type": 5})
    assert (await api("POST", f"/webhooks/1/{asked.token}", {"content": "x"})).body["code"] == 10015


async def test_a_guest_has_five_follow_ups(standin: DiscordStandIn, api: Api) -> None:
    """If only the person installed the app, it works without the bot, and stops at the sixth follow-up (40094)."""
    elsewhere = standin.world.add_guild("elsewhere", with_bot=False)
    carol, hall = standin.person(elsewhere.add_member("Carol")), elsewhere.add_channel("hall")
    standin.world.commands.register(IMAGINE | {"integration_types": [0, 1]}, None)
    with pytest.raises(UnusableError, match="neither for everybody nor for Carol"):
        await carol.types("/imagine", hall, prompt="x")
    carol.user.has_installed_the_app = True
    interaction = await carol.types("/imagine", hall, prompt="x")
    assert interaction.payload()["authorizing_integration_owners"] == {"1": str(carol.id)}
    await api("POST", callback(interaction), {"type": 4, "data": {"content": "first"}})
    answers = [await api("POST", webhook(interaction), {"content": "more"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [400]
    assert answers[5].body["code"] == 40094


async def test_a_refused_answer_can_be_tried_again(asked: Interaction, api: Api) -> None:
    """A rejected response doesn't count; the error gives the place below `data`."""
    refused = await api("POST", callback(asked), {"type": 4, "data": {"content": "x" * 2001}})
    assert "content" in refused.body["errors"]["data"]
    assert (await api("POST", callback(asked), {"type": 4, "data": {"content": "short"}})).status == 204


async def test_the_first_look_of_a_deferred_answer_is_no_edit(asked: Interaction, api: Api, clock: Clock) -> None:
    """The history tells when the answer came; `edited_timestamp` stays empty until it changes again."""
    await api("POST", callback(asked), {"type": 5})
    clock.wind(30)
    filled = await api("PATCH", webhook(asked, "@original"), {"content": "done"})
    assert filled.body["edited_timestamp"] is None
    assert asked.original is not None
    assert asked.original.history[1].at - asked.original.history[0].at >= 30
    assert (await api("PATCH", webhook(asked, "@original"), {"content": "redone"})).body["edited_timestamp"]


async def test_a_deleted_channel_takes_its_interactions_along(asked: Interaction, api: Api) -> None:
    """The token still lives, and leads to an unknown channel (10003), as does the bot's own way there."""
    await api("POST", callback(asked), {"type": 5})
    asked.channel.delete()
    assert (await api("PATCH", webhook(asked, "@original"), {"content": "x"})).body["code"] == 10003
    assert (await api("POST", f"/channels/{asked.channel.id}/messages", {"content": "x"})).body["code"] == 10003


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "required"),
        ({"prompt": "x" * 21}, "1 to 20 characters"),
        ({"prompt": "x", "width": 100}, "256 to 2048"),
        ({"prompt": "x", "width": "wide"}, "not a number"),
        ({"prompt": "x", "format": "gif"}, "none of"),
        ({"prompt": "x", "colour": "red"}, "no such option"),
        ({"prompt": "x", "image1": "a.png"}, "option type 11"),
    ],
)
async def test_a_client_does_not_send_what_it_marks_red(
    standin: DiscordStandIn, asked: Interaction, alice: Person, options: dict[str, str | int], why: str
) -> None:
    """Options are checked against the registered command before the bot gets anything."""
    before = len(standin.world.interactions)
    with pytest.raises(InvalidOptionError, match=why):
        await alice.types("/imagine", asked.channel, **options)
    assert len(standin.world.interactions) == before
