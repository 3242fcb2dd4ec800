"""The record in a channel: every change of the rules and every refusal by one, without pings and at its best effort."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from itertools import islice

import structlog
from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.limits.admission import Rule
from bot.limits.budgets import BudgetNotice
from bot.limits.moderation import AuditEntry
from bot.limits.rulebook import Rulebook
from bot.picture.decision import Decision
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from cogs.limits.audit_log_view import (
    budget_record,
    change_record,
    closed_review_record,
    overdue_review_record,
    refusal_record,
)
from cogs.shared.backoff import Backoff
from cogs.shared.discord_errors import Refused, translate_discord_errors

log = structlog.get_logger(__name__)

_WAITING_MAX = 1000  # lines; a flood of rejected requests must not fill the memory
_MESSAGE_MAX = 2000  # Discord's bound
_PAUSE_SECONDS = 600.0  # for a channel that cannot be written to


class AuditLog(commands.Cog):
    """Posts changes and refusals into the channel that a server has chosen."""

    def __init__(self, bot: ImagineBot, rulebook: Callable[[str], Awaitable[Rulebook]]) -> None:
        self._bot = bot
        self._rulebook = rulebook
        self._lines: asyncio.Queue[tuple[str, str]] = asyncio.Queue(_WAITING_MAX)
        self._backoff = Backoff(_PAUSE_SECONDS)
        self._writing: asyncio.Task[None] | None = None

    async def cog_unload(self) -> None:
        """Stop; lines that are not posted yet are in the history."""
        if self._writing is not None:
            self._writing.cancel()

    def changed(self, server_key: str, entry: AuditEntry) -> None:
        """Post a change soon."""
        self._note(server_key, lambda: change_record(entry))

    def refused(self, origin: Origin, rule: Rule) -> None:
        """Post a refusal soon."""
        self._note(origin.server_key, lambda: refusal_record(origin, rule))

    def budget_reached(self, server_key: str, notice: BudgetNotice) -> None:
        """Post how much of the server's limit is used soon."""
        self._note(server_key, lambda: budget_record(notice))

    def review_channel_closed(self, server_key: str, channel_id: int) -> None:
        """Post that reviews can't be posted in their channel soon."""
        self._note(server_key, lambda: closed_review_record(channel_id))

    def review_ended(self, generation: Generation, decision: Decision) -> None:
        """Post that nobody decided about a picture or prompt in time, soon."""
        origin = generation.origin
        self._note(origin.server_key, lambda: overdue_review_record(origin.user_id, decision))

    def _note(self, server_key: str, compose: Callable[[], str]) -> None:
        """Post a line in the server's language soon, whatever language its moderator or member has.

        A worker posts too, and has no cogs that are loaded and unloaded.
        """
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_on())
        kind, id_ = server_key.split(":")
        with self._bot.speaking_in(int(id_)) if kind == "guild" else nullcontext():
            line = compose()
        try:
            self._lines.put_nowait((server_key, line))
        except asyncio.QueueFull:
            log.info("audit_log_delayed", server=server_key)

    async def _write_on(self) -> None:
        """Post entries as they come, several in one message if they come quickly."""
        while True:
            batch = [await self._lines.get()]
            batch += islice(iter(self._lines.get_nowait, None), self._lines.qsize())
            for server_key in dict.fromkeys(key for key, _ in batch):
                try:
                    await self._write(server_key, [line for key, line in batch if key == server_key])
                except Exception as cause:  # noqa: BLE001  (the record is a courtesy: its trouble is nobody else's)
                    log.warning("audit_entry_not_posted", server=server_key, cause=repr(cause))

    async def _write(self, server_key: str, lines: list[str]) -> None:
        channel_id = (await self._rulebook(server_key)).log_channel_id
        if channel_id is None or self._backoff.holds(channel_id):
            return
        channel = self._bot.get_partial_messageable(channel_id)
        try:
            for message in _messages(lines):
                with translate_discord_errors():
                    await channel.send(message, suppress_embeds=True)
        except (Refused, DeliveryUnavailable) as cause:
            self._backoff.begin(channel_id)
            log.info("audit_channel_failed", channel=channel_id, cause=str(cause))


def _messages(lines: Iterable[str]) -> list[str]:
    """Return lines joined into as few messages as hold them."""
    messages: list[str] = []
    for line in lines:
        if messages and len(messages[-1]) + 1 + len(line) <= _MESSAGE_MAX:
            messages[-1] += f"\n{line}"
        else:
            messages.append(line)
    return messages
