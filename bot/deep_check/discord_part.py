"""The part of the deep check that talks to Discord: a command, a card, an edit, a reaction, and their removal."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import discord

from bot.deep_check.card import BUTTON, card
from bot.deep_check.channel import Place, check_permissions, place_in_server
from bot.deep_check.command import COMMAND, returned_differently
from bot.deep_check.gateway import RecordingClient
from bot.deep_check.journal import Journal, PartEnded, Step
from bot.deep_check.recorder import Payload, Recorder
from bot.errors import StartupError
from bot.gateway import undocumented
from bot.gateway.start_limit import StartLimit
from bot.gateway.startup_calls import ask_discord

T = TypeVar("T")

INTERACTIONS: Final = "Discord: interactions"
_EVENT_SECONDS: Final = 5.0
_PRESS_SECONDS: Final = 60.0
_READY_SECONDS: Final = 30.0
_SERVER_SECONDS: Final = 60.0  # Discord's largest servers take so long
_ANSWER_SECONDS: Final = 30.0  # how long an interrupted check waits for an answer whose effect it has to undo
_STARTS_LEFT_ALONE: Final = 100  # of the 1,000 a day: a bot that restarts needs them
_REACTION: Final = "✅"  # not one that rerolls
_INVITE_AGAIN: Final = "Invite it again with the link from `imagine-bot check`."
_POST: Final = "discord POST /channels/{channel_id}/messages"
_REGISTER: Final = "discord POST /applications/{application_id}/guilds/{guild_id}/commands"


class DiscordPart:
    """Makes the calls in one channel, and cleans up after them."""

    def __init__(self, client: RecordingClient, journal: Journal, recorder: Recorder, channel_id: int) -> None:
        self._client = client
        self._journal = journal
        self._recorder = recorder
        self._channel_id = channel_id
        self._place: Place | None = None
        self._nonce = uuid4().hex[:24]
        self._leftovers: set[str] = set()

    async def prepare(self, token: str) -> None:
        """Log in, find the channel and connect; raise `PartEnded` if no card can be posted there."""
        with self._journal.step("Discord: log in"):
            await self._client.login(token)
        with self._journal.step("Discord: find the channel"):
            self._place = place_in_server(await self._client.fetch_channel(self._channel_id))
        with self._journal.step("Discord: look up the gateway"):
            shards, gateway, limit = await undocumented.advised_gateway(self._client)
            starts_left = StartLimit.from_discord(limit).remaining
        if starts_left > _STARTS_LEFT_ALONE:
            await self._connect(gateway, shards)
        else:
            self._journal.skip("Discord: events", "Few connections to the gateway are left for today.")
        with self._journal.step("Discord: the bot's permissions in the channel"):
            check_permissions(self._client.get_guild(self._guild_id), self._known_place)

    async def commands(self) -> None:
        """Read the registered commands; register one on the server, and remove it. No other command changes."""
        with self._journal.step("Discord: read the commands", may_go_on=True):
            await undocumented.registered_commands(self._client)
            await undocumented.server_commands(self._client, self._guild_id)
        with self._journal.step("Discord: register a command", may_go_on=True) as step:
            self._leftovers.add(_REGISTER)
            try:
                registering = undocumented.register_server_command(self._client, self._guild_id, COMMAND)
                registered = await _to_its_end(registering)
            except discord.Forbidden:
                raise StartupError("The bot may not register commands on this server.", _INVITE_AGAIN) from None
            step.add("command as registered", returned_differently(registered))
        if not self._recorder.was_refused(_REGISTER):
            with self._journal.step("Discord: remove the command", may_go_on=True):
                await self._remove_command()

    async def post(self, *, can_be_pressed: bool) -> None:
        """Post the card; raise `PartEnded` if it isn't there."""
        with self._journal.step("Discord: post a card", may_go_on=True):
            self._leftovers.add(_POST)
            await _to_its_end(self._known_place.send(view=card(can_be_pressed=can_be_pressed), nonce=self._nonce))
        if self._recorder.created_id(_POST) is None:
            raise PartEnded
        await self._expect("MESSAGE_CREATE", self._is_card)

    async def press(self) -> None:
        """Wait until the operator has pressed the button, and answer that."""
        if not self._client.is_listening:
            self._journal.skip(INTERACTIONS, "There is no connection to the gateway.")
            return
        self._journal.console.print(
            f"Press the button below the card in the channel, within {_PRESS_SECONDS:g} seconds."
        )
        event = await self._client.first_event("INTERACTION_CREATE", self._is_press, _PRESS_SECONDS)
        if event is None:
            self._journal.skip(INTERACTIONS, "Nobody pressed the button.")
            return
        await self._expect("INTERACTION_CREATE", self._is_press)
        with self._journal.step("Discord: answer the interaction", may_go_on=True):
            async with asyncio.timeout(_EVENT_SECONDS):
                await (await self._client.pressed.get()).response.defer()

    async def edit(self, picture: Path) -> None:
        """Put a picture into the card, and read the message again."""
        with self._journal.step("Discord: edit the card, with a picture", may_go_on=True):
            await self._message.edit(view=card(picture.name), attachments=[discord.File(picture, picture.name)])
        await self._expect("MESSAGE_UPDATE", self._is_card)
        with self._journal.step("Discord: read the card again", may_go_on=True):
            await self._message.fetch()

    async def react(self) -> None:
        """Add a reaction and remove it."""
        with self._journal.step("Discord: add a reaction", may_go_on=True):
            await self._message.add_reaction(_REACTION)
        await self._expect("MESSAGE_REACTION_ADD", self._is_on_card)
        with self._journal.step("Discord: remove the reaction", may_go_on=True):
            await self._message.remove_reaction(_REACTION, discord.Object(self._client.application_id or 0))
        await self._expect("MESSAGE_REACTION_REMOVE", self._is_on_card)

    async def delete(self) -> None:
        """Delete the card."""
        with self._journal.step("Discord: delete the card"):
            await self._delete_card()
        await self._expect("MESSAGE_DELETE", self._is_card)

    async def clean_up(self) -> None:
        """Remove the card and the command if a failure or an interruption left them, and disconnect."""
        try:
            if self._is_left(_REGISTER):
                with self._journal.step("Discord: remove the command", may_go_on=True):
                    await ask_discord(self._remove_command)
            if self._is_left(_POST):
                with self._journal.step("Discord: delete the card", may_go_on=True):
                    await ask_discord(self._delete_card)
        finally:
            await self._client.disconnect()

    async def _connect(self, gateway: str, shards: int) -> None:
        self._client.watched = frozenset({str(self._channel_id), str(self._guild_id)})
        with self._journal.step("Discord: connect to the gateway", may_go_on=True) as step:
            self._client.connect_beside(gateway, shards, self._guild_id)
            await self._witness(step, "READY", lambda _: True, _READY_SECONDS)
            self._client.check_connection()
        await self._expect("GUILD_CREATE", lambda payload: payload.get("id") == str(self._guild_id), _SERVER_SECONDS)

    async def _expect(self, name: str, is_meant: Callable[[Payload], bool], seconds: float = _EVENT_SECONDS) -> None:
        """Wait for an event, if there is a connection for it."""
        if self._client.is_listening:
            with self._journal.step(f"Discord: event {name}", may_go_on=True) as step:
                await self._witness(step, name, is_meant, seconds)
                self._client.check_connection()

    async def _witness(self, step: Step, name: str, is_meant: Callable[[Payload], bool], seconds: float) -> None:
        began = time.monotonic()
        event = await self._client.first_event(name, is_meant, seconds)
        waited_ms = round(max((event.moment if event else time.monotonic()) - began, 0.0) * 1000)
        step.verdicts.append(self._journal.judge.event(name, event and event.payload, waited_ms))

    def _is_left(self, operation: str) -> bool:
        """Return True if something that an operation made may still be there."""
        return operation in self._leftovers and not self._recorder.was_refused(operation)

    async def _remove_command(self) -> None:
        """Remove the command; look it up if the answer to its registration was lost."""
        command_id = self._recorder.created_id(_REGISTER)
        if command_id is None:
            registered = await undocumented.server_commands(self._client, self._guild_id)
            command_id = next((int(each["id"]) for each in registered if each["name"] == COMMAND["name"]), None)
        if command_id is not None:
            await undocumented.remove_server_command(self._client, self._guild_id, command_id)
        self._leftovers.discard(_REGISTER)

    async def _delete_card(self) -> None:
        posted = await self._posted_id()
        if posted is None:
            raise StartupError("The card may still be in the channel.", "If so, delete it there.")
        await self._known_place.get_partial_message(posted).delete()
        self._leftovers.discard(_POST)

    async def _posted_id(self) -> int | None:
        """Return the card's id, from its event if the answer was lost."""
        if (known := self._recorder.created_id(_POST)) is not None:
            return known
        event = await self._client.first_event(
            "MESSAGE_CREATE", lambda payload: payload.get("nonce") == self._nonce, _EVENT_SECONDS
        )
        return None if event is None else int(event.payload["id"])

    @property
    def _known_place(self) -> Place:
        if self._place is None:
            raise PartEnded
        return self._place

    @property
    def _guild_id(self) -> int:
        return self._known_place.guild.id

    @property
    def _message(self) -> discord.PartialMessage:
        return self._known_place.get_partial_message(self._recorder.created_id(_POST) or 0)

    def _is_card(self, payload: Payload) -> bool:
        return payload.get("id") == str(self._message.id)

    def _is_press(self, payload: Payload) -> bool:
        data = payload.get("data")
        return isinstance(data, dict) and data.get("custom_id") == BUTTON

    def _is_on_card(self, payload: Payload) -> bool:
        return payload.get("message_id") == str(self._message.id)


async def _to_its_end(call: Coroutine[Any, Any, T]) -> T:
    """Return what a call returns; if the check is interrupted, wait for its answer first, which says what to undo."""
    calling = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(calling)
    except asyncio.CancelledError:
        with suppress(Exception):
            await asyncio.wait_for(calling, _ANSWER_SECONDS)
        raise
