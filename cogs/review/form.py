"""The form that asks why a picture or a prompt is rejected, and for how long its member is blocked."""

from datetime import UTC, datetime
from typing import Any, Final

import discord
from discord import ui

from bot.errors import UserFacingError
from bot.i18n import _, ngettext
from bot.limits.bounds import REASON_MAX
from bot.limits.rulebook import Block
from bot.picture.generation import Generation
from bot.reviews.reviews import AlreadyDecided, Reviews
from cogs.shared.access import origin_of
from cogs.shared.answers import FORM_KEPT_SECONDS, defer, say
from cogs.shared.durations import parse_until
from cogs.shared.error_replies import errors_answered
from cogs.shared.moderators import check_moderator
from cogs.ui.notes import note
from cogs.ui.text import one_line

_UNTIL_MAX: Final = 40


class NotBlocked(UserFacingError):
    """Refuse to block a member if another decision was faster: it may have been the opposite one."""

    def __init__(self, faster: AlreadyDecided, member_id: int) -> None:
        not_blocked = _("I didn't block {member}. You can still use `/limits block`.", member=f"<@{member_id}>")
        super().__init__(f"{faster}\n{not_blocked}")


class RejectForm(ui.Modal):
    """Asks for a reason; with `blocks`, also for how long to block the member."""

    def __init__(self, generation: Generation, reviews: Reviews, *, blocks: bool) -> None:
        super().__init__(title=_("Reject and block") if blocks else _("Reject"), timeout=FORM_KEPT_SECONDS)
        self._generation = generation
        self._reviews = reviews
        self._blocks = blocks
        self._until: ui.TextInput[RejectForm] = ui.TextInput(required=False, max_length=_UNTIL_MAX, placeholder="3d")
        self._reason: ui.TextInput[RejectForm] = ui.TextInput(
            required=False, max_length=REASON_MAX, style=discord.TextStyle.paragraph
        )
        if blocks:
            until = _("For example 2h, 3d or 2030-12-31. Empty = permanent")
            blocked = _("You're blocking {member}.", member=f"<@{generation.origin.user_id}>")
            self.add_item(ui.TextDisplay(blocked))
            self.add_item(ui.Label(text=_("How long"), description=until, component=self._until))
        self.add_item(ui.Label(text=_("Reason"), description=_("Shown to the member"), component=self._reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Reject, and block the member; if that fails, return the typed reason."""
        reason, until = one_line(self._reason.value), self._until.value.strip()
        async with errors_answered(interaction, lambda: reason):
            check_moderator(interaction)
            end = parse_until(until, datetime.now(UTC)) if until else None
            await defer(interaction, thinking=False)
            server_key, by_id = origin_of(interaction).server_key, interaction.user.id
            if self._blocks:
                cancelled = await self._block(server_key, by_id, Block(reason=reason, until=end))
                await say(interaction, note(self._blocked_words(cancelled)))
            else:
                await self._reviews.reject(self._generation.id, server_key, by_id, reason)

    async def _block(self, server_key: str, by_id: int, block: Block) -> int:
        """Reject and block; return how many waiting requests that cancels."""
        try:
            return await self._reviews.reject_and_block(self._generation.id, server_key, by_id, block)
        except AlreadyDecided as faster:
            raise NotBlocked(faster, self._generation.origin.user_id) from None

    def _blocked_words(self, cancelled: int) -> str:
        words = _("Rejected, and {member} is blocked.", member=f"<@{self._generation.origin.user_id}>")
        if cancelled:
            words += "\n" + ngettext(
                "{count} waiting picture cancelled and refunded.",
                "{count} waiting pictures cancelled and refunded.",
                cancelled,
            )
        return words
