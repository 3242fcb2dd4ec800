"""A second connection to the gateway, beside the one of a bot that runs, which records the events of the check."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import discord

from bot.deep_check.card import BUTTON
from bot.deep_check.recorder import Event, Payload, Recorder
from bot.gateway.client import INTENTS
from bot.gateway.event_guard import EventGuard
from bot.gateway.undocumented import parsers_of, set_gateway_url

EVENTS: Final = (
    "READY",
    "GUILD_CREATE",
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_DELETE",
    "INTERACTION_CREATE",
)
_READY_AFTER_SECONDS: Final = 0.2  # without a new guild
_SHARD_BITS: Final = 22  # the lowest ones of an id say nothing about its shard


class RecordingClient(discord.AutoShardedClient):
    """Talks to Discord like the bot, but only keeps the events about the `watched` ids, and reacts to none."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(
            intents=INTENTS,
            http_trace=recorder.trace(),
            enable_debug_events=True,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=_READY_AFTER_SECONDS,
        )
        self.watched: frozenset[str] = frozenset()
        self.pressed: asyncio.Queue[discord.Interaction] = asyncio.Queue()
        self._events = recorder.events
        self._changed = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        EventGuard().guard(parsers_of(self))

    def connect_beside(self, gateway: str, shards: int, guild_id: int) -> None:
        """Open one more session of the shard that has the server; Discord keeps those that there are."""
        set_gateway_url(gateway)
        self.shard_count, self.shard_ids = shards, [(guild_id >> _SHARD_BITS) % shards]
        self._connecting = asyncio.create_task(self.connect(reconnect=False))
        self._connecting.add_done_callback(lambda _: self._changed.set())

    @property
    def is_listening(self) -> bool:
        """Return True unless the connection to the gateway was never opened, or has ended."""
        return self._connecting is not None and not self._connecting.done()

    def check_connection(self) -> None:
        """Raise the error that has ended the connection to the gateway, if any."""
        if self._connecting is not None and self._connecting.done():
            self._connecting.result()

    async def close(self) -> None:
        """Do nothing when discord.py gives up the gateway: the HTTP API can still be checked."""

    async def disconnect(self) -> None:
        """Close the connection to the gateway and the session of the HTTP API."""
        await super().close()
        if self._connecting is not None:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._connecting

    async def on_socket_raw_receive(self, frame: str) -> None:
        """Keep the frame of an event that the check waits for."""
        received = json.loads(frame)
        name, payload = received.get("t"), received.get("d")
        if name in EVENTS and isinstance(payload, dict) and (name == "READY" or self._is_watched(payload)):
            self._events.append(Event(name, payload))
            self._changed.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Keep a press of the check's button; everything else is for the bot that may be running."""
        if interaction.data is not None and interaction.data.get("custom_id") == BUTTON:
            self.pressed.put_nowait(interaction)

    async def first_event(self, name: str, is_meant: Callable[[Payload], bool], seconds: float) -> Event | None:
        """Return the first event of this name that is meant; None if it doesn't come in time, or can't any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    self._changed.clear()
                    for event in self._events:
                        if event.name == name and is_meant(event.payload):
                            return event
                    if not self.is_listening:
                        return None
                    await self._changed.wait()
        return None

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Say nothing: what discord.py makes of an event is judged by its frame."""

    def _is_watched(self, payload: Payload) -> bool:
        return any(payload.get(name) in self.watched for name in ("id", "channel_id"))
