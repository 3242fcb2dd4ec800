"""HTTP requests: tokens, limits, faults, and links that expire."""

import asyncio

import aiohttp
import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn, Upload
from standins.discord.client.person import Person
from standins.discord.model.attachments import Attachment
from standins.discord.model.channels import Channel
from standins.discord.rate_limits import Limit
from standins.exchange import Exchange
from tests.standins.discord.conftest import Api, png

MESSAGES = "/channels/*/messages"


@pytest.fixture
def messages(channel: Channel) -> str:
    return f"/channels/{channel.id}/messages"


@pytest.mark.parametrize(
    "path",
    [
        "/users/@me",
        "/applications/@me",
        "/oauth2/applications/@me",
        "/gateway",
        "/gateway/bot",
        "/soundboard-default-sounds",
        "/sticker-packs",
        "/guilds/{guild}",
        "/guilds/{guild}/members/{bot}",
        "/guilds/{guild}/channels",
        "/guilds/{guild}/roles",
        "/users/{bot}",
    ],
)
async def test_simple_questions_are_answered(api: Api, standin: DiscordStandIn, channel: Channel, path: str) -> None:
    """Each answer has all that Discord's document demands, as the fixture checks."""
    assert channel.guild is not None
    answered = await api("GET", path.format(guild=channel.guild.id, bot=standin.application_id))
    assert answered.status == 200


async def test_a_wrong_token_and_a_wrong_address_are_told_apart(api: Api, standin: DiscordStandIn) -> None:
    """401 without the bot's token, 404 for an unknown address; and 401s are counted."""
    assert (await api("GET", "/nothing/here")).body == {"message": "404: Not Found", "code": 0}
    standin_token, standin.token = standin.token, "wrong"
    refused = await api("GET", "/users/@me")
    standin.token = standin_token
    assert (refused.status, refused.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert standin.limits.invalid_requests == 1


async def test_a_wrong_method_and_an_older_version_are_answered(standin: DiscordStandIn) -> None:
    """405 says which methods there are; version 9 of the API is the same here."""
    async with session_of(standin) as session:
        wrong = await session.delete(f"{standin.api_url}/users/@me")
        assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, PATCH")
        assert (await wrong.json())["message"] == "405: Method Not Allowed"
        old = await session.get(f"{standin.api_url.replace('v10', 'v9')}/users/@me")
        assert (await old.json())["id"] == str(standin.application_id)


FORMS = [{"content": "5", "flags": "4", "tts": "false"}, {"payload_json": '{"content": "5", "flags": 4}'}]


@pytest.mark.parametrize("fields", FORMS, ids=["fields", "payload_json"])
async def test_a_form_is_read_like_json(
    standin: DiscordStandIn, channel: Channel, messages: str, fields: dict[str, str]
) -> None:
    """Numbers are numbers only where the field is one."""
    async with session_of(standin) as session:
        answer = await session.post(standin.api_url + messages, data=fields)
        assert answer.status == 200, await answer.text()
    [message] = channel.messages.values()
    assert (message.draft.content, message.draft.flags) == ("5", 4)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nno header\r\n\r\n--x--"),
        ("application/x-www-form-urlencoded", b"flags=many"),
        ("application/x-www-form-urlencoded", b"\xff=1"),
        ("application/x-www-form-urlencoded", b"payload_json=%7B"),
    ],
)
async def test_a_body_that_cannot_be_parsed_is_refused(
    standin: DiscordStandIn, messages: str, content_type: str, body: bytes
) -> None:
    """It is 400 in Discord's JSON, not a fault of the server's."""
    async with session_of(standin) as session:
        answer = await session.post(standin.api_url + messages, data=body, headers={"Content-Type": content_type})
        assert (answer.status, (await answer.json())["code"] in {50035, 50109}) == (400, True)


def session_of(standin: DiscordStandIn) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bot {standin.token}"})


async def test_a_bucket_runs_dry_and_fills_up(api: Api, standin: DiscordStandIn, messages: str, clock: Clock) -> None:
    """Every answer says what is left; beyond it come 429s with `retry_after`, until the window is over."""
    standin.limits.set("POST", "/channels/{channel_id}/messages", requests=2, seconds=5)
    answers = [await api("POST", messages, {"content": "x"}) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    limited = answers[2]
    assert 4 < limited.body["retry_after"] <= 5
    assert (limited.body["global"], limited.headers["Via"]) == (False, "1.1 google")
    assert float(limited.headers["Retry-After"]) == pytest.approx(limited.body["retry_after"], abs=0.001)
    clock.wind(5)
    assert (await api("POST", messages, {"content": "x"})).status == 200


async def test_all_routes_can_be_limited_alike(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """Every route without a limit of its own gets this one, each for itself, from the next request on."""
    standin.limits.set("GET", "/users/@me", requests=2, seconds=5)
    standin.limits.of_the_rest = Limit(requests=1, seconds=5)
    paths = [messages, messages, f"{messages}?limit=1", "/users/@me", "/users/@me", "/gateway/bot"]
    assert [(await api("GET", path)).status for path in paths] == [200, 429, 429, 200, 200, 200]
    standin.limits.of_the_rest = Limit()
    assert (await api("GET", messages)).status == 200


async def test_the_global_limit_counts_seconds(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """Above this many requests a second, everything that counts is rejected globally."""
    standin.limits.per_second = 3
    answers = [await api("GET", messages) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert (answers[3].body["global"], standin.limits.busiest_second) == (True, 3)


async def test_a_fault_happens_as_often_as_asked(
    api: Api, standin: DiscordStandIn, messages: str, channel: Channel
) -> None:
    """Two 502s, then all is well; a fault without `after_acting` did nothing."""
    standin.faults.next("POST", MESSAGES, status=502, times=2)
    assert [(await api("POST", messages, {"content": "x"})).status for _ in range(3)] == [502, 502, 200]
    assert len(channel.messages) == 1


async def test_a_fault_strikes_the_request_that_it_names(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """Requests without a file, or without the words that a fault waits for, leave it armed."""
    standin.faults.next("POST", MESSAGES, status=502, with_file=True)
    standin.faults.next("POST", MESSAGES, status=503, saying="größer")
    assert (await api("POST", messages, {"content": "x"})).status == 200
    assert (await api("POST", messages, {"content": "x"}, files={"a.png": png()})).status == 502
    assert (await api("POST", messages, {"content": "etwas größer"})).status == 503
    assert standin.faults.armed == []


async def test_a_fault_can_last_until_it_is_switched_off(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """A fault without a number of times affects every request until it's removed."""
    standin.faults.next("*", "*", status=503, times=None)
    assert [(await api("GET", messages)).status for _ in range(3)] == [503] * 3
    standin.faults.clear()
    assert (await api("GET", messages)).status == 200


async def test_a_fault_that_is_used_up_is_a_change(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """Observers of the armed faults are notified once one of them has happened."""
    seen: list[int] = []
    standin.faults.next("GET", MESSAGES, status=502)
    with standin.world.news.watching(lambda: seen.append(len(standin.faults.armed))):
        await api("GET", messages)
    assert seen == [0]


async def test_a_faulted_request_is_observed_whole(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """A contract check sees the body, even if Discord failed or rejected the request."""
    seen: list[Exchange] = []
    standin.observers.append(seen.append)
    standin.limits.set("POST", "/channels/{channel_id}/messages", requests=1, seconds=5)
    await api("POST", messages, {"content": "x"})
    await api("POST", messages, {"content": "x"})
    standin.faults.next("POST", MESSAGES, status=429, retry_after=0.5)
    limited = await api("POST", messages, {"content": "x"})
    assert (limited.body["retry_after"], limited.headers["Retry-After"]) == (0.5, "0.5")
    assert [(one.status, one.request_body) for one in seen] == [(code, {"content": "x"}) for code in (200, 429, 429)]


async def test_an_answer_can_get_lost(api: Api, standin: DiscordStandIn, messages: str, channel: Channel) -> None:
    """With `drop` and `after_acting` the message is posted, and the bot gets no response."""
    standin.faults.next("POST", MESSAGES, drop=True, after_acting=True)
    with pytest.raises(aiohttp.ClientError):
        await api("POST", messages, {"content": "x"})
    assert len(channel.messages) == 1


async def test_a_delay_is_of_the_clock(api: Api, standin: DiscordStandIn, messages: str, clock: Clock) -> None:
    """A request that hangs for an hour is answered once the hour is wound on."""
    delay = standin.faults.next("POST", MESSAGES, delay=3600)
    hanging = asyncio.create_task(api("POST", messages, {"content": "x"}))
    while delay.times:  # noqa: ASYNC110  (a fault that happens rings no bell)
        await asyncio.sleep(0.01)
    assert not hanging.done()
    clock.wind(3600)
    assert (await hanging).status == 200


async def test_observers_are_told_of_every_exchange(api: Api, standin: DiscordStandIn, messages: str) -> None:
    """Paths without the base, parsed bodies, and the names of files."""
    seen: list[Exchange] = []
    standin.observers.append(seen.append)
    await api("POST", messages, {"content": "x"}, files={"a.png": png()})
    assert (seen[0].method, seen[0].path, seen[0].status) == ("POST", messages, 200)
    assert (seen[0].request_body, seen[0].request_files) == ({"content": "x"}, {"files[0]": "a.png"})
    assert isinstance(seen[0].response_body, dict)


@pytest.fixture
async def attachment(channel: Channel, alice: Person) -> Attachment:
    message = await alice.sends(channel, attachments=[Upload("notes.png", b"only text")])
    return message.attachments[0]


async def test_a_link_serves_its_file_for_a_day(standin: DiscordStandIn, attachment: Attachment, clock: Clock) -> None:
    """The type is what the uploader claimed, true or not; a changed, old or dead link finds nothing."""
    link = standin.world.cdn.link(attachment.file)
    async with aiohttp.ClientSession() as session:
        async with session.get(link) as found:
            assert (found.status, found.content_type, await found.read()) == (200, "image/png", b"only text")
        assert (await session.get(link.replace("hm=", "hm=0"))).status == 404
        clock.wind(24 * 3600 + 1)
        assert (await session.get(link)).status == 404
        fresh = standin.world.cdn.link(attachment.file)
        assert (await session.get(fresh)).status == 200
        attachment.file.gone = True
        assert (await session.get(fresh)).status == 404


async def test_a_file_can_drip(standin: DiscordStandIn, attachment: Attachment, clock: Clock) -> None:
    """A slow download goes on as the clock does."""
    link = standin.world.cdn.link(attachment.file)
    standin.world.cdn.at(link).drip_bytes_per_second = 20.0
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        assert await response.content.readexactly(1) == b"o"
        clock.wind(60)
        rest = b""
        while not response.content.at_eof():
            rest += await response.content.readany()
            clock.wind(60)
        assert rest == b"nly text"


async def test_a_view_of_the_world_is_told_what_happens(
    standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """A subscriber gets every change, with the object itself and its JSON."""
    with standin.world.subscribe() as news:
        message = await alice.sends(channel, "hello")
        event = await anext(news)
    assert (event.name, event.subject, event.payload["content"]) == ("MESSAGE_CREATE", message, "hello")
