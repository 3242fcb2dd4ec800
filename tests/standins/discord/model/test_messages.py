"""Messages keep what they are given, refuse what Discord refuses, and ping nobody who was not meant."""

import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn, Permission, UnusableError, Upload
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from tests.standins.discord.conftest import Api, png

MIB = 1024 * 1024


@pytest.fixture
def messages(channel: Channel) -> str:
    return f"/channels/{channel.id}/messages"


async def test_a_posted_message_is_in_the_channel(api: Api, messages: str, channel: Channel, alice: Person) -> None:
    """People see the bot's message, and the bot can fetch it again."""
    posted = await api("POST", messages, {"content": "hello"})
    fetched = await api("GET", f"{messages}/{posted.body['id']}")
    assert [message.content for message in channel.messages_for(alice)] == ["hello"]
    assert fetched.body == posted.body
    assert posted.headers["Content-Type"] == "application/json"


async def test_an_edit_is_remembered_with_its_time(api: Api, messages: str, channel: Channel, clock: Clock) -> None:
    """A message's history says how it looked, and from when on."""
    posted = await api("POST", messages, {"content": "drawing"})
    clock.wind(60)
    edited = await api("PATCH", f"{messages}/{posted.body['id']}", {"content": "done"})
    history = channel.messages[int(posted.body["id"])].history
    assert [revision.draft.content for revision in history] == ["drawing", "done"]
    assert history[1].at - history[0].at >= 60
    assert edited.body["edited_timestamp"] is not None


async def test_files_stay_unless_an_edit_leaves_them_out(api: Api, messages: str) -> None:
    """An edit without `attachments` keeps all files; one with it keeps those it lists, in addition to the new ones."""
    posted = await api("POST", messages, {}, files={"a.png": png(), "b.png": png()})
    message = f"{messages}/{posted.body['id']}"
    kept = await api("PATCH", message, {"content": "still two"})
    assert [one["filename"] for one in kept.body["attachments"]] == ["a.png", "b.png"]
    listed = [{"id": posted.body["attachments"][1]["id"]}, {"id": 0, "description": "new"}]
    changed = await api("PATCH", message, {"attachments": listed}, files={"c.png": png()})
    assert [one["filename"] for one in changed.body["attachments"]] == ["b.png", "c.png"]
    assert (
        changed.body["attachments"][1] | {"description": "new", "width": 4, "height": 2}
        == changed.body["attachments"][1]
    )
    unknown = await api("PATCH", message, {"attachments": [{"id": "7"}]})
    assert unknown.body["errors"]["attachments"]["0"]["_errors"][0]["code"] == "ATTACHMENT_NOT_FOUND"


async def test_a_nonce_posts_once(api: Api, messages: str, channel: Channel, clock: Clock) -> None:
    """With `enforce_nonce`, a nonce gives the first message for some minutes; it has 25 characters at most."""
    body = {"content": "once", "nonce": "n" * 25, "enforce_nonce": True}
    first, second = await api("POST", messages, body), await api("POST", messages, body)
    assert first.body["id"] == second.body["id"]
    clock.wind(600)
    assert (await api("POST", messages, body)).body["id"] != first.body["id"]
    assert len(channel.messages) == 2
    assert (await api("POST", messages, body | {"nonce": "n" * 26})).body["code"] == 50035


async def test_allowed_mentions_decide_who_is_pinged(
    api: Api, messages: str, channel: Channel, alice: Person, guild: Guild
) -> None:
    """By default a text pings its mentions; with an empty `parse`, nobody; and code blocks never do."""
    role = guild.add_role("painters", mentionable=True)
    text = f"@everyone <@{alice.id}> <@&{role.id}>"
    loud = await api("POST", messages, {"content": text})
    quiet = await api("POST", messages, {"content": text, "allowed_mentions": {"parse": []}})
    code = await api("POST", messages, {"content": f"`{text}`"})
    pings = [channel.messages[int(one.body["id"])].mentions for one in (loud, quiet, code)]
    assert pings[0].pinged_user_ids == {alice.id}
    assert (pings[0].role_ids, pings[0].everyone) == ((role.id,), False)
    assert not pings[1].disturbed_anybody
    assert not pings[2].disturbed_anybody
    guild.me.gains(guild.add_role("loud", Permission.MENTION_EVERYONE))
    shouted = await api("POST", messages, {"content": text})
    assert shouted.body["mention_everyone"] is True


async def test_contradicting_mentions_are_refused(api: Api, messages: str, alice: Person) -> None:
    """Parsing all users and listing some exclude each other."""
    rules = {"parse": ["users"], "users": [str(alice.id)]}
    assert (await api("POST", messages, {"content": "x", "allowed_mentions": rules})).body["code"] == 50035


async def test_an_answer_names_what_it_answers(api: Api, messages: str, channel: Channel, alice: Person) -> None:
    """A reply carries the other message; to one that is gone, it is refused unless the bot does not mind."""
    asked = await alice.sends(channel, f"draw, <@{channel.platform.bot.id}>?")
    reference = {"message_id": str(asked.id)}
    replied = await api("POST", messages, {"content": "yes", "message_reference": reference})
    assert (replied.body["type"], replied.body["referenced_message"]["content"]) == (19, asked.content)
    await alice.deletes(asked)
    assert (await api("POST", messages, {"content": "yes", "message_reference": reference})).body["code"] == 50035
    relaxed = reference | {"fail_if_not_exists": False}
    assert (await api("POST", messages, {"content": "yes", "message_reference": relaxed})).status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": ""}, 50006),
        ({"content": "x" * 2001}, 50035),
        ({"embeds": [{"title": "t" * 257}]}, 50035),
    ],
)
async def test_empty_and_endless_messages_are_refused(
    api: Api, messages: str, body: dict[str, object], code: int
) -> None:
    """A message has something in it, and no more than Discord shows."""
    refused = await api("POST", messages, body)
    assert (refused.status, refused.body["code"]) == (400, code)


async def test_a_file_over_the_limit_is_refused(standin: DiscordStandIn, api: Api) -> None:
    """10 MiB a file by default, more in a boosted server, and 25 MiB a request in any."""
    plain, boosted = (standin.world.add_guild(f"level {boost}", boost=boost).add_channel("x") for boost in (0, 2))
    eleven = {"a.bin": bytes(11 * MIB)}
    refused = await api("POST", f"/channels/{plain.id}/messages", {}, files=eleven)
    assert (refused.status, refused.body["code"], list(plain.messages)) == (413, 40005, [])
    assert (await api("POST", f"/channels/{boosted.id}/messages", {}, files=eleven)).status == 200
    three = eleven | {"b.bin": bytes(11 * MIB), "c.bin": bytes(4 * MIB)}
    assert (await api("POST", f"/channels/{boosted.id}/messages", {}, files=three)).status == 413


async def test_messages_are_listed_newest_first(api: Api, messages: str) -> None:
    """The latest, or those before, after or around a message."""
    ids = [(await api("POST", messages, {"content": str(number)})).body["id"] for number in range(5)]

    async def listed(query: str) -> list[str]:
        return [one["content"] for one in (await api("GET", f"{messages}?{query}")).body]

    assert await listed("limit=2") == ["4", "3"]
    assert await listed(f"before={ids[2]}") == ["1", "0"]
    assert await listed(f"after={ids[2]}&limit=1") == ["3"]
    assert await listed(f"around={ids[2]}&limit=3") == ["3", "2", "1"]


async def test_permissions_are_asked_for(
    api: Api, messages: str, channel: Channel, guild: Guild, alice: Person
) -> None:
    """Posting, attaching and seeing each have their permission, and each refusal its code."""
    channel.overwrite(guild.me, deny=Permission.ATTACH_FILES)
    assert (await api("POST", messages, {"content": "x"})).status == 200
    assert (await api("POST", messages, {}, files={"a.png": png()})).body["code"] == 50013
    channel.overwrite(guild.me, deny=Permission.SEND_MESSAGES)
    assert (await api("POST", messages, {"content": "x"})).body["code"] == 50013
    channel.overwrite(guild.me, deny=Permission.VIEW_CHANNEL)
    assert (await api("POST", messages, {"content": "x"})).body["code"] == 50001
    assert (await api("POST", "/channels/1/messages", {"content": "x"})).body["code"] == 10003
    channel.overwrite(alice, deny=Permission.SEND_MESSAGES)
    with pytest.raises(UnusableError, match="Send Messages"):
        await alice.sends(channel, "x")


async def test_other_peoples_messages_are_theirs(
    api: Api, messages: str, channel: Channel, guild: Guild, alice: Person
) -> None:
    """The bot edits only its own, and deletes others' only with Manage Messages."""
    written = await alice.sends(channel, "mine")
    assert (await api("PATCH", f"{messages}/{written.id}", {"content": "yours"})).body["code"] == 50005
    assert (await api("DELETE", f"{messages}/{written.id}")).body["code"] == 50013
    guild.me.gains(guild.add_role("mods", Permission.MANAGE_MESSAGES))
    assert (await api("DELETE", f"{messages}/{written.id}")).status == 204
    assert (await api("GET", f"{messages}/{written.id}")).body["code"] == 10008


async def test_reactions_come_and_go(api: Api, messages: str, channel: Channel, guild: Guild, alice: Person) -> None:
    """The bot reacts, takes it back, and removes others' with Manage Messages."""
    message = await alice.sends(channel, "look", attachments=[Upload("a.png", png())])
    reactions = f"{messages}/{message.id}/reactions/🎲"
    assert (await api("PUT", f"{reactions}/@me")).status == 204
    await alice.reacts(message, "🎲")
    assert message.payload()["reactions"][0]["count"] == 2
    await api("DELETE", f"{reactions}/@me")
    assert [user["id"] for user in (await api("GET", reactions)).body] == [str(alice.id)]
    assert (await api("DELETE", f"{reactions}/{alice.id}")).body["code"] == 50013
    guild.me.gains(guild.add_role("mods", Permission.MANAGE_MESSAGES))
    assert (await api("DELETE", f"{reactions}/{alice.id}")).status == 204
    assert message.reactions == {}


@pytest.mark.parametrize("name", ["↻", "dice", "🎲🎲", ":game_die:"])
async def test_what_is_no_emoji_is_no_reaction(
    api: Api, messages: str, channel: Channel, alice: Person, name: str
) -> None:
    """10014, and nothing stands below the message."""
    message = await alice.sends(channel, "look")
    refused = await api("PUT", f"{messages}/{message.id}/reactions/{name}/@me")
    assert (refused.status, refused.body["code"]) == (400, 10014)
    assert message.reactions == {}


async def test_direct_messages_have_one_channel(api: Api, alice: Person) -> None:
    """Opening them twice finds the same channel, and people see what the bot writes there."""
    opened = await api("POST", "/users/@me/channels", {"recipient_id": str(alice.id)})
    again = await api("POST", "/users/@me/channels", {"recipient_id": str(alice.id)})
    assert opened.body == again.body
    await api("POST", f"/channels/{opened.body['id']}/messages", {"content": "hi"})
    assert [message.content for message in alice.opens_direct_messages().messages_for(alice)] == ["hi"]


async def test_threads_have_their_own_permission(api: Api, channel: Channel, guild: Guild) -> None:
    """A thread is visible to viewers of its channel, and writable with its own permission."""
    thread = channel.add_thread("boats")
    assert (await api("GET", f"/channels/{thread.id}")).body["parent_id"] == str(channel.id)
    assert (await api("POST", f"/channels/{thread.id}/messages", {"content": "x"})).status == 200
    channel.overwrite(guild.me, deny=Permission.SEND_MESSAGES_IN_THREADS)
    assert (await api("POST", f"/channels/{thread.id}/messages", {"content": "x"})).body["code"] == 50013
