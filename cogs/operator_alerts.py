"""Direct messages to the operator: the owner of the application, or its team."""

from collections.abc import Sequence

import discord
import structlog

from bot.alerts.alert import AlertMessage
from bot.gateway.client import ImagineBot
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.ui.operator_alerts import alert_text

log = structlog.get_logger(__name__)

Person = discord.User | discord.TeamMember


class OperatorMessages:
    """Writes to the application's owner, or to everybody of the team that owns it."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._sent: dict[AlertMessage, set[int]] = {}  # to whom in a team, while others could not be reached

    async def send(self, message: AlertMessage) -> None:
        """Write to each of them once; raise `DeliveryUnavailable` to be called again."""
        sent = self._sent.setdefault(message, set())
        for person in await self._people():
            if person.id not in sent:
                await self._write(person, message)
                sent.add(person.id)
        del self._sent[message]

    async def _write(self, person: Person, message: AlertMessage) -> None:
        """Write to one of them; the nonce makes a second message within some minutes the first one."""
        with self._bot.speech.spoken(None):
            words = alert_text(message)
        nonce = str(message.since.timestamp())
        try:
            with translate_discord_errors():
                channel = await self._bot.create_dm(person)
                await channel.send(words, nonce=nonce)
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
