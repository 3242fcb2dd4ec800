"""Direct messages to the operator: the application's owner gets each alert."""

from collections.abc import Sequence

import discord
import structlog
from discord.ext import commands

from bot.alerts.alert import AlertMessage
from bot.gateway.client import ImagineBot
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.ui.operator_alerts import alert_text

log = structlog.get_logger(__name__)

_NO_MENTIONS = discord.AllowedMentions.none()
Person = discord.User | discord.TeamMember


class Operator(commands.Cog):
    """Writes to the application's owner, or to everybody of the team that owns it."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._told: dict[AlertMessage, set[int]] = {}  # members of a team, while others could not be reached

    async def cog_load(self) -> None:
        """Offer to reach the operator."""
        self._bot.alerts.send_through(self)

    async def tell(self, message: AlertMessage) -> None:
        """Send it to each of them once; temporary failures are raised, to try again, and closed messages logged."""
        told = self._told.setdefault(message, set())
        for person in await self._people():
            if person.id not in told:
                await self._write(person, message)
                told.add(person.id)
        del self._told[message]

    async def _write(self, person: Person, message: AlertMessage) -> None:
        """Write to somebody; the nonce makes a second message within some minutes the first one."""
        words, nonce = alert_text(message), str(message.since.timestamp())
        try:
            with translate_discord_errors():
                channel = await self._bot.create_dm(person)
                await channel.send(words, nonce=nonce, allowed_mentions=_NO_MENTIONS)
        except Refused as refused:
            log.warning("alert_not_sent", user=person.id, alert=message.alert, cause=str(refused))

    async def _people(self) -> Sequence[Person]:
        """Return the people who can act on it; fetched each time, since applications change hands."""
        with translate_discord_errors():
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
