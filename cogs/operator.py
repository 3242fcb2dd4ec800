"""The operator in person: whoever owns the application gets a direct message of what needs them."""

from collections.abc import Sequence

import discord
import structlog
from discord.ext import commands

from bot.client import NO_ANSWER, ImagineBot
from bot.notices.trouble import Notice
from cogs.ui.notices import notice_text

log = structlog.get_logger(__name__)

_NO_MENTIONS = discord.AllowedMentions.none()
Person = discord.User | discord.TeamMember


class Operator(commands.Cog):
    """Writes to the application's owner, or to everybody of the team that owns it."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Offer to reach the operator."""
        self._bot.notices.tell_through(self)

    async def tell(self, notice: Notice) -> None:
        """Tell them, at best effort: whose direct messages are closed has the log and the figures."""
        for person in await self._people():
            try:
                channel = await self._bot.create_dm(person)
                await channel.send(notice_text(notice), allowed_mentions=_NO_MENTIONS)
            except NO_ANSWER as cause:
                log.warning("operator_not_reached", user=person.id, trouble=notice.trouble, cause=str(cause))

    async def _people(self) -> Sequence[Person]:
        """Return who can do something about it; asked anew each time, since applications change hands."""
        application = await self._bot.application_info()
        if application.team is None:
            return [application.owner]
        return [
            member
            for member in application.team.members
            if member.membership_state is discord.TeamMembershipState.accepted
            and member.role is not discord.TeamMemberRole.read_only
        ]


async def setup(bot: ImagineBot) -> None:
    """Add this cog."""
    await bot.add_cog(Operator(bot))
