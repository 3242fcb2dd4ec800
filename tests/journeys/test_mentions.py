"""The member whose prompt mentions others: the bot repeats the words, and pings nobody."""

import re

from standins.exchange import Exchange
from tests.journeys.moderators import moderator_of, say
from tests.stage import Stage

NOBODY: dict[str, list[str]] = {"parse": []}
CARRIES_A_MESSAGE = re.compile(
    r"/interactions/\d+/[^/]+/callback|/webhooks/\d+/[^/]+(/messages/@original)?|/channels/\d+/messages(/\d+)?"
)
ROUTES = {
    "POST /interactions/_/callback",
    "PATCH /webhooks/_/messages/@original",
    "POST /webhooks/_",
    "POST /channels/_/messages",
    "PATCH /channels/_/messages/_",
    "POST to the operator",
}


def message_in(exchange: Exchange) -> dict[str, object] | None:
    """Return the message that a request carries, or None if it carries none."""
    if exchange.method not in {"POST", "PATCH"} or not CARRIES_A_MESSAGE.fullmatch(exchange.path):
        return None
    body = exchange.request_body
    assert isinstance(body, dict)
    message = body.get("data") or {} if "callback" in exchange.path else body
    return message if message.get("content") or message.get("components") else None


def route_of(exchange: Exchange, operator_channel: int) -> str:
    if exchange.path == f"/channels/{operator_channel}/messages":
        return f"{exchange.method} to the operator"
    path = re.sub(r"/(interactions|webhooks)/\d+/[^/]+", r"/\1/_", exchange.path)
    return f"{exchange.method} {re.sub(r'[0-9]+', '_', path)}"


async def test_no_call_pings_anybody(stage: Stage) -> None:
    """Each kind of call says so on the wire: answers, edits, follow-ups, posts, and direct messages."""
    bob, role = stage.guild.add_member("bob"), stage.guild.add_role("artists")
    words = f"@everyone @here <@&{role.id}> <@{bob.id}> in a boat"
    sent: list[Exchange] = []
    stage.discord.observers.append(sent.append)
    operator = stage.discord.person(stage.discord.world.developer)
    direct = operator.opens_direct_messages()
    async with stage.running():
        picture = await stage.picture(await stage.imagine(words))
        await stage.alice.reacts(picture, "🎲")
        await stage.show_pictures(2)
        await say(stage, moderator_of(stage), "/limits words add", word=f"@everyone <@&{role.id}>")
        stage.apiframe.account.key_active = False
        await stage.imagine(words)
        await stage.discord.world.until(lambda: direct.messages_for(operator))
    messages = [(route_of(each, direct.id), message) for each in sent if (message := message_in(each)) is not None]
    assert {route for route, _ in messages} == ROUTES
    assert [(route, message) for route, message in messages if message.get("allowed_mentions") != NOBODY] == []
