"""A bot under attack: events arrive over its own gateway connection, and its reactions are recorded."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from standins.discord.events import Event
from standins.discord.gateway.gateway import Op
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS, Interaction, InteractionType
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.users import User
from standins.discord.payload import Payload
from standins.exchange import Exchange
from tests.faults.hostile import Blow, Door, Fate, Guess, bent
from tests.faults.well_formed import Scribe, as_interaction, row_with
from tests.journeys.answers import id_of
from tests.stage import Stage

SECRET = "a most confidential vault"
KIND = frozenset({"type"})  # decides which answers Discord takes: to lie about it would prove nothing
# Discord determines the user and the place: foreign ids aren't put there.
WORD = KIND | {"guild_id", "guild", "channel_id", "channel", "member", "user", "author", "user_id"}
# If no response gets through: discord.py itself logs that of a completion, as an error.
ADDRESSED = KIND | {"id", "token"}
AT_WORK = (
    "discord.py: on_",
    "CommandTree-",
    "discord-ui-dynamic-item-",
    "discord-ui-view-dispatch",
    "discord-ui-modal",
)
KINDS = {
    Door.COMPLETION: InteractionType.AUTOCOMPLETE,
    Door.COMMAND: InteractionType.COMMAND,
    Door.MENU: InteractionType.COMMAND,
    Door.PRESS: InteractionType.COMPONENT,
    Door.CHOICE: InteractionType.COMPONENT,
    Door.FORM: InteractionType.MODAL,
}


@dataclass
class Siege:
    """People of one server want their pictures; out of another one, and out of direct messages, come the blows."""

    stage: Stage
    lair: Channel
    places: Sequence[tuple[User, Channel]]
    vault: Sequence[Message]
    own: Message
    exchanges: list[Exchange] = field(default_factory=list)
    forms: list[Interaction] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        public, private = self.vault
        self._seen = [len(message.history) for message in self.vault]
        self._guesses = {
            Guess.PICTURE: id_of(public),
            Guess.PRIVATE_PICTURE: id_of(private),
            Guess.MESSAGE: str(public.id),
            Guess.CHANNEL: str(self.stage.channel.id),
            Guess.ROLE: str(self.stage.guild.id),
            Guess.USER: str(self.stage.alice.id),
        }

    @property
    def vault_ids(self) -> set[UUID]:
        """Return which pictures nobody of the attackers may reach."""
        return {UUID(id_of(message)) for message in self.vault}

    async def withstands(self, blows: Sequence[Blow]) -> None:
        """Strike, and return once the bot has dealt with all of it and has answered somebody who asks politely."""
        for blow in blows:
            self._strike(blow)
        polite = await self.stage.alice.types("/quota", self.stage.channel)
        await polite.answered()
        async with asyncio.timeout(20):
            while any(task.get_name().startswith(AT_WORK) for task in asyncio.all_tasks()):  # noqa: ASYNC110  (no news)
                await asyncio.sleep(0.005)

    def wounds(self) -> list[str]:
        """Return all that Discord or Apiframe refused, and everybody who was pinged, robbed or cut off."""
        wounds = [_said(each) for each in self.exchanges if each.status == 400 or each.status >= 500]
        wounds += [f"leaked: {_said(each)}" for each in self.exchanges if SECRET in json.dumps(each.request_body)]
        wounds += [f"pinged: {words}" for words in self.pings]
        touched = [each for each, seen in zip(self.vault, self._seen, strict=True) if len(each.history) != seen]
        touched += [each for each in self.vault if each.deleted_at is not None]
        wounds += [f"touched: {each.text}" for each in touched]
        received = self.stage.discord.gateway.received
        wounds += ["the connection was lost"] if (received[Op.IDENTIFY], received[Op.RESUME]) != (1, 0) else []
        self.exchanges.clear()
        return wounds

    def hear(self, event: Event) -> None:
        """Record the bot's output: pings, forms, and pictures that attacks can refer to."""
        match event.subject:
            case Interaction() as interaction if event.name == "INTERACTION_ANSWERED" and interaction.modal:
                self.forms = [*self.forms[-9:], interaction]
            case Message() as message if message.author.bot:
                self.pings += [message.text] if message.mentions.disturbed_anybody else []
                if message.channel is self.lair and is_drawn(message):
                    self.own = message

    def _strike(self, blow: Blow) -> None:
        user, channel = self.places[blow.place % len(self.places)]
        values = [self._guesses.get(value, value) if isinstance(value, Guess) else value for value in blow.values]
        scribe = Scribe(self.stage.discord.world, user, channel, blow.pick, values)
        match blow.door:
            case Door.REACTION:
                self._tell("MESSAGE_REACTION_ADD", scribe.reaction(self.own), blow)
            case Door.MENTION:
                self._tell("MESSAGE_CREATE", scribe.mention(self.own), blow)
            case _:
                self._tell("INTERACTION_CREATE", self._interaction(blow, scribe), blow)

    def _interaction(self, blow: Blow, scribe: Scribe) -> Payload:
        """Return the JSON of an interaction, and store the unmodified one in Discord."""
        pictures = [id_of(self.own), *(each.hex for each in self.vault_ids), uuid4().hex]
        body = self._body(blow.door, replace(scribe, values=()), pictures)
        message = scribe.showing(body) if "component_type" in body else None
        interaction = as_interaction(scribe, KINDS[blow.door], body, message)
        interaction.parent = scribe.opener(self.forms) if blow.door is Door.FORM else None
        if blow.fate is Fate.LATE and blow.door is not Door.COMPLETION:
            interaction.born -= 2 * ANSWER_WITHIN_SECONDS
        if blow.fate is Fate.DEAD:
            interaction.kill_token()
        told = interaction.payload() | {"data": self._body(blow.door, scribe, pictures)}
        if message is not None:
            told["message"] = message.payload() | {"components": [row_with(told["data"])]}
        return told

    def _body(self, door: Door, scribe: Scribe, pictures: Sequence[str]) -> Payload:
        match door:
            case Door.COMPLETION:
                return scribe.completion()
            case Door.COMMAND:
                return scribe.command()
            case Door.MENU:
                return scribe.menu(self.own)
            case Door.PRESS:
                return scribe.press(pictures)
            case Door.CHOICE:
                return scribe.choice(pictures)
            case _:
                return scribe.form(self.forms)

    def _tell(self, event: str, payload: Payload, blow: Blow) -> None:
        wire, untouchable = payload, ADDRESSED if blow.door is Door.COMPLETION else KIND
        for damage in blow.damages:
            wire = bent(wire, damage, self._guesses, WORD if isinstance(damage.value, Guess) else untouchable)
        [session] = self.stage.discord.gateway.connected
        for _ in range(2 if blow.fate is Fate.TWICE else 1):
            session.tell(event, wire)


@asynccontextmanager
async def besieged(stage: Stage) -> AsyncIterator[Siege]:
    """Build both servers on a stage where the bot runs, have something drawn in each, and watch until the end."""
    world = stage.discord.world
    elsewhere = world.add_guild("Elsewhere")
    everything = elsewhere.add_role("everything", Permission(sum(Permission)), mentionable=True)
    elsewhere.me.gains(everything)  # so that only the bot's own care keeps it from pinging everybody
    lair, bob = elsewhere.add_channel("lair"), stage.discord.person(elsewhere.add_member("bob"))
    mallory = stage.discord.person(elsewhere.add_member("mallory", roles=[everything]))
    bob.user.has_installed_the_app = True
    places = [
        (bob.user, lair),
        (mallory.user, lair),
        (bob.user, bob.opens_direct_messages()),
        (bob.user, world.add_group("gang", bob)),
    ]
    public = await stage.picture(await stage.imagine(SECRET))
    private = await stage.picture(await stage.imagine(SECRET, private=True))
    own = await stage.picture(await mallory.types("/imagine", lair, prompt="a lair"))
    await stage.settled()
    siege = Siege(stage, lair, places, (public, private), own)
    stage.discord.observers.append(siege.exchanges.append)
    stage.apiframe.observers.append(siege.exchanges.append)
    with world.news.listening(siege.hear):
        yield siege


def is_drawn(message: Message) -> bool:
    """Return True if a message is a delivered picture with its buttons."""
    return any(str(button.get("custom_id")).startswith("p:reroll:") for button in message.buttons)


def _said(exchange: Exchange) -> str:
    body = json.dumps(exchange.request_body)[:300]
    return f"{exchange.method} {exchange.path} {body} → {exchange.status} {exchange.response_body}"
