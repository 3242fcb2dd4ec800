"""Interactions: one thing that a person asked of the app, and all that the app answered."""

from dataclasses import dataclass, field
from enum import IntEnum

from standins.discord.errors import Refusal, invalid_token, unknown
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import OF_APPS_IN_DIRECT_MESSAGES, OF_APPS_IN_GROUPS, Permission
from standins.discord.model.platform import Platform
from standins.discord.model.users import User
from standins.discord.payload import Payload

ANSWER_WITHIN_SECONDS = 3.0
TOKEN_LIVES_SECONDS = 15 * 60


class InteractionType(IntEnum):
    """The type of an interaction, with Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Context(IntEnum):
    """The kinds of places from which the app is asked, with Discord's numbers."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


def context_of(channel: Channel) -> Context:
    """Return what kind of place a channel is."""
    if channel.guild is not None:
        return Context.GUILD
    return Context.PRIVATE_CHANNEL if channel.is_group else Context.BOT_DM


class CallbackType(IntEnum):
    """How an app may answer first, with Discord's numbers."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class NotAnsweredError(Exception):
    """The app let its three seconds pass: the person reads "The application did not respond"."""


@dataclass(frozen=True, slots=True)
class Callback:
    """The app's first answer: its type, its data, and the seconds of the clock that it took."""

    type: CallbackType
    data: Payload
    seconds: float


@dataclass(eq=False)
class Interaction:
    """One command, press, autocompletion or modal, with everything that the app answered so far."""

    platform: Platform
    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    data: Payload
    born: float
    message: Message | None = None
    parent: "Interaction | None" = None
    callback: Callback | None = None
    first_message: Message | None = None
    posted: list[Message] = field(default_factory=list)
    _killed_by: Refusal | None = None

    @property
    def original(self) -> Message | None:
        """Return the message that `@original` means: the first answer, or the message that a press was on."""
        message = self.first_message
        return None if message is None or message.deleted_at is not None else message

    @property
    def follow_ups(self) -> list[Message]:
        """Return the messages that followed the first answer and are still there."""
        return [message for message in self.posted if message.deleted_at is None]

    @property
    def choices(self) -> list[Payload]:
        """Return what the app offered to complete an option with."""
        offered: list[Payload] = self._answer_of(CallbackType.CHOICES).get("choices", [])
        return offered

    @property
    def modal(self) -> Payload | None:
        """Return Discord's JSON of the modal that the app opened, if it did."""
        return self._answer_of(CallbackType.MODAL) or None

    def _answer_of(self, kind: CallbackType) -> Payload:
        return self.callback.data if self.callback and self.callback.type is kind else {}

    @property
    def by_user_install(self) -> bool:
        """Return True if the app is here only because somebody installed it for themselves."""
        return self.installer is not None and not (self.channel.guild and self.channel.has_bot)

    @property
    def installer(self) -> User | None:
        """Return who installed the app for themselves: the person, or for a press who asked for the message."""
        if self.message is not None and isinstance(self.message.interaction, Interaction):
            return self.message.interaction.installer
        return self.user if self.user.has_installed_the_app else None

    @property
    def is_always_private(self) -> bool:
        """Return True if all responses are private, because external apps aren't allowed in the channel."""
        permissions = self.channel.permissions_of(self.user)
        return self.by_user_install and not permissions & Permission.USE_EXTERNAL_APPS

    @property
    def upload_limit(self) -> int:
        """Return how many bytes a file of an answer may have."""
        return self.channel.upload_limit

    async def answered(self, timeout: float = 60) -> Callback:  # noqa: ASYNC109 - the promise is to fail
        """Wait for the first answer; NotAnsweredError once three seconds of the clock are over without one."""
        async with self.platform.news.waking_after(ANSWER_WITHIN_SECONDS - self.age):
            await self.platform.news.until(lambda: self.callback or self.age >= ANSWER_WITHIN_SECONDS, timeout)
        if self.callback is None:
            raise NotAnsweredError("The application did not respond")
        return self.callback

    @property
    def age(self) -> float:
        """Return the seconds since the person did it."""
        return self.platform.clock.now() - self.born

    @property
    def is_open(self) -> bool:
        """Return True if the token is still valid."""
        return self._killed_by is None and self.age <= TOKEN_LIVES_SECONDS

    def kill_token(self, refusal: Refusal | None = None) -> None:
        """Invalidate the token early. Requests with it get 50027, or the given error."""
        self._killed_by = refusal or invalid_token()

    def refuse_if_late(self) -> None:
        """Raise what the first answer gets when it comes after three seconds, or a second time."""
        if self.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if self.age > ANSWER_WITHIN_SECONDS:
            raise unknown("interaction", 10062)

    def refuse_if_dead(self) -> None:
        """Raise what a use of the token gets before the first answer, after 15 minutes, or once it was killed."""
        if self._killed_by is not None:
            raise self._killed_by
        if self.age > TOKEN_LIVES_SECONDS:
            raise invalid_token()
        if self.callback is None:
            raise unknown("Webhook", 10015)
        if self.channel.is_deleted:
            raise unknown("Channel", 10003)

    def metadata(self) -> Payload:
        """Return Discord's JSON of the interaction that caused a message."""
        body: Payload = {
            "id": str(self.id),
            "type": int(self.type),
            "user": self.user.payload(),
            "authorizing_integration_owners": self._owners(),
        }
        if self.type is InteractionType.COMPONENT and self.message is not None:
            body["interacted_message_id"] = str(self.message.id)
        if self.type is InteractionType.COMMAND:
            body |= {"name": self.data["name"], "command_type": self.data["type"]}
            body |= {"target_message_id": self.data["target_id"]} if "target_id" in self.data else {}
        if self.parent is not None:
            body["triggering_interaction_metadata"] = self.parent.metadata()
        return body

    def _owners(self) -> dict[str, str]:
        owners: dict[str, str] = {}
        if self.channel.has_bot:
            owners["0"] = str(self.channel.guild.id) if self.channel.guild else "0"
        if self.installer is not None:
            owners["1"] = str(self.installer.id)
        return owners

    def payload(self) -> Payload:
        """Return the JSON that the gateway tells the app."""
        body: Payload = {
            "id": str(self.id),
            "application_id": str(self.platform.application_id),
            "type": int(self.type),
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": self.channel.payload() | self._channel_permissions(),
            "app_permissions": str(int(self._app_permissions())),
            "locale": self.user.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self._owners(),
            "context": int(context_of(self.channel)),
            "attachment_size_limit": self.upload_limit,
        }
        if self.platform.names_channels_by_id_alone:
            del body["channel"]
        if self.message is not None:
            body["message"] = self.message.payload()
        return body | self._who()

    def _channel_permissions(self) -> Payload:
        return {"permissions": str(int(self.channel.permissions_of(self.user)))}

    def _app_permissions(self) -> Permission:
        match context_of(self.channel):
            case Context.PRIVATE_CHANNEL:
                return OF_APPS_IN_GROUPS
            case Context.BOT_DM:
                return OF_APPS_IN_DIRECT_MESSAGES
            case Context.GUILD:
                return self.channel.permissions_of(self.user if self.by_user_install else self.platform.bot)

    def _who(self) -> Payload:
        guild = self.channel.guild
        if guild is None:
            return {"user": self.user.payload()}
        member = guild.members[self.user.id]
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": guild.features},
            "guild_locale": guild.preferred_locale,
            "member": member.payload() | self._channel_permissions(),
        }
