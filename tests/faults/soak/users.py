"""The people: they use every entry point, and repeat requests without a response."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from standins.discord.client.client import UnusableError
from standins.discord.client.person import Person
from standins.discord.model.attachments import Upload
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction, NotAnsweredError
from standins.discord.model.messages import Message
from standins.discord.model.snowflake import shard_of
from standins.discord.model.users import User
from tests.faults.soak.fault_schedule import is_progress
from tests.faults.soak.plan import MEMBERS, SERVERS, Asking, Door
from tests.images import COLOURS, photo
from tests.stage import Stage, is_private

DIE = "🎲"
TIMEOUT_SECONDS = 240.0
HEARD_WITHIN_SECONDS = 6.0
_BREATH_SECONDS = 0.5


class UnheardError(Exception):
    """There was no reply to a reaction or a mention."""


@dataclass
class Crowd:
    """Some members of some servers, each with one channel."""

    stage: Stage
    channels: list[Channel] = field(default_factory=list)
    members: list[list[Person]] = field(default_factory=list)  # by server, then by person
    refused: int = 0
    unheard: list[int] = field(default_factory=list)  # the numbers of the wishes that nobody took up

    def arrives(self) -> None:
        """Found the servers, and make everybody join all of them."""
        users = [self.stage.discord.world.add_user(f"person {number}") for number in range(MEMBERS)]
        for number in range(SERVERS):
            guild = self.stage.discord.world.add_guild(f"Island {number}")
            self.channels.append(guild.add_channel("pictures"))
            self.members.append([self.stage.discord.person(guild.add_member(user)) for user in users])

    async def asks(self, asking: Asking) -> None:
        """Ask until there is an answer, and give up after a while, as people do."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                self.refused += await self._answer(asking)
        except TimeoutError:
            self.unheard.append(asking.number)

    async def _answer(self, asking: Asking) -> bool:
        """Ask until there is an answer, and return whether it was a refusal."""
        while True:
            refused = await self._ask(asking)
            if refused is not None:
                return refused
            await asyncio.sleep(_BREATH_SECONDS)

    async def _ask(self, asking: Asking) -> bool | None:
        """Ask once and return whether the answer was a refusal, or None for no answer."""
        channel, member = self.channels[asking.server], self.members[asking.server][asking.member]
        if not self._is_served(channel):
            return None
        pictures = [each for each in channel.messages_for(member) if _can_be_rerolled(each)]
        try:
            if asking.door is Door.MENTION:
                return await self._mentions(asking, channel, member)
            if asking.door is Door.COMMAND or not pictures:
                return await self._types(asking, channel, member)
            return await self._plays_on(asking, pictures[int(asking.choice * len(pictures))], member)
        except (NotAnsweredError, UnusableError, UnheardError):
            return None

    def _is_served(self, channel: Channel) -> bool:
        sessions = self.stage.discord.gateway.connected
        return any(each.shard == shard_of(channel.guild.id, each.shards) for each in sessions if channel.guild)

    async def _plays_on(self, asking: Asking, picture: Message, member: Person) -> bool:
        if asking.door is Door.REMIX:
            return await self._remixes(asking, picture, member)
        if asking.door is Door.BUTTON or picture.visible_only_to is not None:
            return await _answer_to(await member.presses(picture, "Reroll"))
        return await self._reacts(picture, member)

    async def _types(self, asking: Asking, channel: Channel, member: Person) -> bool:
        images = {f"image{number}": image for number, image in enumerate(_photos(asking), start=1)}
        return await _answer_to(
            await member.types("/imagine", channel, prompt=_words(asking), private=asking.private, **images)
        )

    async def _mentions(self, asking: Asking, channel: Channel, member: Person) -> bool:
        name = f"<@{self.stage.discord.application_id}>"
        message = await member.sends(channel, f"{name} {_words(asking)}", attachments=_photos(asking))
        return await self._reply(channel, lambda answer: answer.reference is message)

    async def _reacts(self, picture: Message, member: Person) -> bool:
        if member.user in _who_reacted(picture):
            await member.unreacts(picture, DIE)
        before = set(picture.channel.messages)
        await member.reacts(picture, DIE)
        return await self._reply(
            picture.channel, lambda answer: answer.reference is picture and answer.id not in before
        )

    async def _remixes(self, asking: Asking, picture: Message, member: Person) -> bool:
        form = await member.presses(picture, "Remix")
        await form.answered()
        if form.modal is None:
            return True
        return await _answer_to(await member.submits(form, {"What to draw": _words(asking)}))

    async def _reply(self, channel: Channel, is_it: Callable[[Message], bool]) -> bool:
        """Wait for a reply of the bot's and return whether it is a refusal, which has no card."""
        bot, found = self.stage.discord.world.bot, list[Message]()

        def look() -> bool:
            found[:] = [each for each in channel.messages.values() if each.author is bot and is_it(each)]
            return bool(found)

        try:
            await self.stage.discord.world.until(look, HEARD_WITHIN_SECONDS)
        except TimeoutError:
            raise UnheardError from None
        return not found[0].history[0].draft.is_v2


def _who_reacted(picture: Message) -> list[User]:
    reaction = picture.reactions.get(DIE)
    return [] if reaction is None else reaction.users


def _can_be_rerolled(message: Message) -> bool:
    return any(button.get("label") == "Reroll" for button in message.buttons)


async def _answer_to(interaction: Interaction) -> bool:
    """Return whether the answer is a private refusal."""
    await interaction.answered()
    shown = interaction.first_message
    return shown is not None and is_private(shown) and not is_progress(shown.history[0].draft)


def _words(asking: Asking) -> str:
    return f"wish {asking.number}: a boat at sea"


def _photos(asking: Asking) -> list[Upload]:
    return [photo(f"photo{number}.png", COLOURS[number]) for number in range(asking.references)]
