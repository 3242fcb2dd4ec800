"""Gateway sessions: a bot's intents, the events sent to it, and the events replayed after a disconnect."""

import json
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Protocol

from standins.discord.events import Event
from standins.discord.faults import Rewrite
from standins.discord.model.content_intent import veiled
from standins.discord.model.messages import Message
from standins.discord.model.snowflake import shard_of
from standins.discord.model.world import World
from standins.discord.payload import Payload

REMEMBERED_EVENTS = 10_000


class Intent(IntFlag):
    """The groups of events that this world has, with Discord's bits."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


NO_INTENTS = Intent(0)
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
ALWAYS_TOLD = {"INTERACTION_CREATE", "GUILD_DELETE", "APPLICATION_COMMAND_PERMISSIONS_UPDATE"}
IN_GUILDS = {
    "MESSAGE_": Intent.GUILD_MESSAGES,
    "MESSAGE_REACTION_": Intent.GUILD_MESSAGE_REACTIONS,
    "TYPING_": Intent.GUILD_MESSAGE_TYPING,
    "GUILD_MEMBER_": Intent.GUILD_MEMBERS,
}
IN_DIRECT = {
    "MESSAGE_": Intent.DIRECT_MESSAGES,
    "MESSAGE_REACTION_": Intent.DIRECT_MESSAGE_REACTIONS,
    "TYPING_": Intent.DIRECT_MESSAGE_TYPING,
}


class Wire(Protocol):
    """A connection that frames can be put on."""

    def put(self, frame: str) -> None:
        """Send a text frame after those before it."""


@dataclass(eq=False)
class Session:
    """One shard of a bot, across its connections; `wire` is None while it is gone."""

    shard: int
    shards: int
    intents: Intent
    world: World
    wire: Wire | None
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    told: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS))

    def hear(self, event: Event) -> None:
        """Tell the bot of an event, if it is for this shard and among what the bot asked for."""
        if event.guild_id is not None and shard_of(event.guild_id, self.shards) != self.shard:
            return
        if event.guild_id is None and self.shard != 0:
            return
        if not (event.name in ALWAYS_TOLD or self._is_own(event) or self.intents & _intent_of(event)):
            return
        self.tell(event.name, self._without_hidden_content(event))

    def _is_own(self, event: Event) -> bool:
        return event.name == "GUILD_MEMBER_UPDATE" and event.payload["user"]["id"] == str(self.world.bot.id)

    def tell(self, name: str, body: Payload) -> None:
        """Give an event its number, remember it for a resume, and send it if the bot is there."""
        if name in self.rewrites:
            body = self.rewrites[name](body)
        self.sequence += 1
        frame = json.dumps({"op": 0, "s": self.sequence, "t": name, "d": body})
        self.told.append((self.sequence, frame))
        if self.wire is not None:
            self.wire.put(frame)

    def replay(self, after: int) -> None:
        """Send the events after number `after` again."""
        for number, frame in self.told:
            if number > after and self.wire is not None:
                self.wire.put(frame)

    def _without_hidden_content(self, event: Event) -> Payload:
        message = event.subject
        if not isinstance(message, Message) or event.name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return event.payload
        if self.intents & Intent.MESSAGE_CONTENT:
            return event.payload
        return veiled(event.payload, message, self.world.bot, shows_roles=self.world.shows_role_mentions)


def _intent_of(event: Event) -> Intent:
    table = IN_DIRECT if event.guild_id is None else IN_GUILDS
    matching = [prefix for prefix in table if event.name.startswith(prefix)]
    return table[max(matching, key=len)] if matching else Intent.GUILDS
