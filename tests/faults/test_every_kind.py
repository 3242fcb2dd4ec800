"""Every kind of channel, message and member that Discord has, with every entry point of the bot.

The result is a picture, one of our error messages, or deliberate silence: never an unexpected error.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from standins.discord.model.channel_types import THREADS, ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction, InteractionType
from standins.discord.model.messages import Message
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import SLASH
from tests.contracts.published import MISSING, document_path
from tests.faults.fuzz import AT_WORK
from tests.faults.well_formed import Scribe, as_interaction
from tests.journeys.answers import id_of
from tests.promises import DiscordFault
from tests.stage import Stage, text_of

# As Discord's OpenAPI document of July 2026 has them.
CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15)
MESSAGE_TYPES = (
    *(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32),
    *(36, 37, 38, 39, 46, 55),
)
MEDIA = 16  # which its reference has, and its OpenAPI document lacks
NOBODY_WRITES = {4, 14}  # categories and directories: events from there are left out
MADE_OF_THREADS = {15, MEDIA}  # of which no message can be the bot's
ALLOWED = {"server": {"images_per_hour": 12}, "member": {"images_per_hour": 12, "concurrent": 20}}
MEMBERS: Mapping[str, Payload] = {
    "new and not yet through the rules": {"pending": True},
    "timed out": {"communication_disabled_until": "2099-01-01T00:00:00+00:00"},
    "timed out once": {"communication_disabled_until": "2020-01-01T00:00:00+00:00"},
    "with a nickname": {"nick": "`@everyone` \u202e"},
    "with a role that is gone": {"roles": ["1234567890123456789"]},
    "guest": {"joined_at": None, "flags": 1 << 4},
    "with every flag": {"flags": (1 << 11) - 1},
    "boosting": {"premium_since": "2020-01-01T00:00:00+00:00", "avatar": "a" * 32, "banner": "b" * 32},
    "deaf and mute": {"deaf": True, "mute": True},
}
BROKE = "went wrong on my end"


@pytest.mark.parametrize(("name", "pinned"), [("ChannelTypes", CHANNEL_TYPES), ("MessageType", MESSAGE_TYPES)])
def test_the_kinds_are_those_of_discords_document(name: str, pinned: Sequence[int]) -> None:
    """After an update of the document, the test shows new kinds."""
    path = document_path("discord") or pytest.skip(MISSING)
    kinds = json.loads(path.read_text())["components"]["schemas"][name]["oneOf"]
    assert sorted(kind["const"] for kind in kinds) == sorted(pinned)


@dataclass
class Doors:
    """All ways to the bot, on a stage where it runs and has drawn one picture."""

    stage: Stage
    picture: Message
    asked: list[Interaction] = field(default_factory=list)

    def at_all(self, channel: Channel, message_type: int = 0, member: Payload | None = None) -> None:
        """Make Alice use every entry point in a channel, with messages of a type and as a member in a state."""
        scribe = Scribe(self.stage.discord.world, self.stage.alice.user, channel)
        state = member or {}
        for kind, body, message in (
            (InteractionType.COMMAND, self._command(channel), None),
            (InteractionType.COMMAND, _of_type(scribe.menu(self.picture), message_type), None),
            (InteractionType.COMPONENT, scribe.press([id_of(self.picture)]), self.picture),
        ):
            interaction = as_interaction(scribe, kind, body, message)
            told = interaction.payload()
            if message is not None:
                told["message"]["type"] = message_type
            self._tell("INTERACTION_CREATE", told, state)
            self.asked.append(interaction)
        reaction = scribe.reaction(self.picture)
        self._tell("MESSAGE_REACTION_REMOVE", reaction, state)  # so that each one is another
        self._tell("MESSAGE_REACTION_ADD", reaction, state)
        mention = Scribe(self.stage.discord.world, self.stage.alice.user, channel, pick=1).mention(self.picture)
        self._tell("MESSAGE_CREATE", _of_type(mention, message_type), state)

    def _command(self, channel: Channel) -> Payload:
        command = self.stage.discord.world.commands.usable(
            "imagine", SLASH, channel.guild.id if channel.guild else None
        )
        assert command is not None
        prompt = {"name": "prompt", "type": 3, "value": "a boat"}
        return {"id": str(command.id), "name": "imagine", "type": SLASH, "options": [prompt], "resolved": {}}

    def _tell(self, name: str, told: Payload, state: Payload) -> None:
        told = told | ({"member": told["member"] | state} if "member" in told else {})
        [session] = self.stage.discord.gateway.connected
        session.tell(name, told)

    async def quiet(self) -> None:
        """Return once the bot has dealt with everything."""
        polite = await self.stage.alice.types("/quota", self.stage.channel)
        await polite.answered()
        async with asyncio.timeout(60):
            while any(task.get_name().startswith(AT_WORK) for task in asyncio.all_tasks()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def silent(self) -> list[str]:
        """Return the requests that got no response."""
        return [f"{each.type.name} in {each.channel.type.name}" for each in self.asked if each.callback is None]

    def said(self, channel: Channel) -> list[Message]:
        """Return what the bot wrote in a channel without an interaction."""
        mine = [each for each in channel.messages.values() if each.author is self.stage.discord.world.bot]
        return [each for each in mine if each.interaction is None]

    def broken(self) -> list[str]:
        """Return the bot's messages about unexpected errors."""
        messages = [
            each for channel in self.stage.discord.world.channels.values() for each in channel.messages.values()
        ]
        said = [text_of(each) for each in messages if each.author is self.stage.discord.world.bot]
        return [words for words in said if BROKE in words]


@asynccontextmanager
async def all_doors(stage: Stage, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Doors]:
    """Run the bot with every entry point enabled, and fail at the end if it had an unexpected error."""
    stage.alice.user.has_installed_the_app = True
    async with stage.running(allow_direct_messages=True, allow_user_install=True, limits=ALLOWED):
        doors = Doors(stage, await stage.picture(await stage.imagine()))
        await stage.settled()
        yield doors
        await doors.quiet()
        await stage.settled()
    assert doors.broken() == []
    assert [caplog.handler.format(each) for each in caplog.records if each.exc_info] == []


def of_kind(stage: Stage, kind: int) -> Channel:
    """Return a channel of a kind, in which Alice is."""
    match ChannelType(kind):
        case ChannelType.DIRECT:
            return stage.alice.opens_direct_messages()
        case ChannelType.GROUP:
            return stage.discord.world.add_group("friends", stage.alice)
        case thread if thread in THREADS:
            return stage.channel.add_thread(thread.name.lower(), thread)
        case other:
            return stage.guild.add_channel(other.name.lower(), other)


def _of_type(body: Payload, message_type: int) -> Payload:
    """Give every message in a payload a type: itself, the one that it answers, those that an interaction is about."""
    if "resolved" in body:
        messages = {key: each | {"type": message_type} for key, each in body["resolved"]["messages"].items()}
        return body | {"resolved": {"messages": messages}}
    body = body | {"type": message_type}
    if answered := body.get("referenced_message"):
        body["referenced_message"] = answered | {"type": message_type}
    return body


@pytest.mark.promise(DiscordFault.EVERY_KIND)
@pytest.mark.matrix
@pytest.mark.parametrize("kind", [*CHANNEL_TYPES, MEDIA])
async def test_every_kind_of_channel(stage: Stage, caplog: pytest.LogCaptureFixture, kind: int) -> None:
    """In channels for messages, each entry point responds; elsewhere nothing is accepted, and nothing breaks."""
    channel = of_kind(stage, kind)
    async with all_doors(stage, caplog) as doors:
        doors.at_all(channel)
        await doors.quiet()
        if kind in NOBODY_WRITES:
            assert len(doors.silent()) == len(doors.asked)
        else:
            assert doors.silent() == []
        if kind not in NOBODY_WRITES | MADE_OF_THREADS | {ChannelType.GROUP}:  # a group has no bot that could write
            assert doors.said(channel)


@pytest.mark.promise(DiscordFault.EVERY_KIND)
@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_every_type_of_message(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A message of any type can be pointed at, pressed below, reacted to and answered; and a mention be of any."""
    async with all_doors(stage, caplog) as doors:
        for message_type in MESSAGE_TYPES:
            before = len(doors.said(stage.channel))
            doors.at_all(stage.channel, message_type)
            await doors.quiet()
            assert doors.silent() == [], message_type
            assert len(doors.said(stage.channel)) == before + 2, message_type  # to the reaction and the mention


@pytest.mark.promise(DiscordFault.EVERY_KIND)
@pytest.mark.matrix
@pytest.mark.parametrize("state", MEMBERS)
async def test_every_state_of_a_member(stage: Stage, caplog: pytest.LogCaptureFixture, state: str) -> None:
    """For any state of a member in Discord, each command and button responds."""
    async with all_doors(stage, caplog) as doors:
        doors.at_all(stage.channel, member=MEMBERS[state])
        await doors.quiet()
        assert doors.silent() == []
        assert len(doors.said(stage.channel)) == 2
