"""Messages by the bot's token: writing, reading, editing, deleting."""

from collections.abc import Mapping

from standins.discord.errors import FormErrors, Refusal, invalid_form, missing_permissions
from standins.discord.model.channel_types import WITHOUT_MESSAGES
from standins.discord.model.channels import Channel
from standins.discord.model.content_intent import veiled
from standins.discord.model.messages import Draft, Message, MessageType
from standins.discord.model.permissions import Permission
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rest.calls import NO_CONTENT, Answer, Call, Route
from standins.discord.rest.guilds import Finding
from standins.discord.rules.facts import MESSAGE
from standins.discord.rules.message_rules import Drafting

NONCE_LIVES_SECONDS = 5 * 60
MESSAGES = "/channels/{channel_id}/messages"
ONE = MESSAGES + "/{message_id}"


class MessageRoutes:
    """`/channels/{id}/messages…`; `reads_content`: the application was granted the message-content intent."""

    def __init__(self, world: World, finding: Finding, *, reads_content: bool) -> None:
        self._world = world
        self._find = finding
        self._reads_content = reads_content

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("GET", MESSAGES, self.several),
            Route("POST", MESSAGES, self.create),
            Route("GET", ONE, self.one),
            Route("PATCH", ONE, self.edit),
            Route("DELETE", ONE, self.delete),
        ]

    def create(self, call: Call) -> Answer:
        """Post a message; with `enforce_nonce`, a nonce that was used lately finds the message that was posted then."""
        channel = self._find.channel(call)
        _refuse_unless_may_post(channel, with_files=bool(call.uploads))
        nonce = _checked_nonce(call.body)
        if call.body.get("enforce_nonce") and nonce and (first := self._posted_with(channel, nonce)):
            return Answer(self._shown(first))
        answered = self._answered(channel, call.body)
        drafting = Drafting(channel, self._world.bot, call.uploads, channel.upload_limit, answered)
        draft = _without_forbidden_embeds(drafting.new(call.body), channel)
        kind = MessageType.REPLY if answered else MessageType.DEFAULT
        message = self._world.post(channel, self._world.bot, draft, kind=kind, reference=answered, nonce=nonce)
        return Answer(self._shown(message))

    def _shown(self, message: Message) -> Payload:
        body = message.payload()
        return (
            body
            if self._reads_content
            else veiled(body, message, self._world.bot, shows_roles=self._world.shows_role_mentions)
        )

    def _posted_with(self, channel: Channel, nonce: str | int) -> Message | None:
        since = self._world.clock.now() - NONCE_LIVES_SECONDS
        for message in reversed(channel.messages.values()):
            if message.timestamp < since:
                return None
            if message.nonce == nonce and message.author is self._world.bot:
                return message
        return None

    def _answered(self, channel: Channel, body: Payload) -> Message | None:
        reference: Payload | None = body.get("message_reference")
        if not reference:
            return None
        if not channel.permissions_of(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
            raise Refusal(400, 160002, "Cannot reply without permission to read message history")
        answered = channel.messages.get(int(reference["message_id"]))
        if answered is not None and answered.lasting:
            return answered
        if reference.get("fail_if_not_exists", True):
            raise invalid_form(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return None

    def one(self, call: Call) -> Answer:
        """Show a message."""
        return Answer(self._shown(self._find.message(call, Permission.READ_MESSAGE_HISTORY)))

    def several(self, call: Call) -> Answer:
        """List messages, newest first: the latest, or those `before`, `after` or `around` an id."""
        channel = self._find.channel(call)
        limit = int(call.query.get("limit", "50"))
        if not channel.permissions_of(self._world.bot) & Permission.READ_MESSAGE_HISTORY:
            return Answer([])
        lasting = [message for message in channel.messages.values() if message.lasting]
        return Answer([self._shown(message) for message in reversed(_picked(lasting, call.query, limit))])

    def edit(self, call: Call) -> Answer:
        """Change a message that the bot wrote."""
        message = self._find.message(call)
        if message.author is not self._world.bot:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if call.uploads:
            _refuse_unless_may_post(message.channel, with_files=True)
        drafting = Drafting(message.channel, message.author, call.uploads, message.channel.upload_limit)
        self._world.edit(message, drafting.edited(message, call.body))
        return Answer(self._shown(message))

    def delete(self, call: Call) -> Answer:
        """Delete a message: the bot's own, or with Manage Messages anybody's."""
        message = self._find.message(call)
        may = message.channel.permissions_of(self._world.bot) & Permission.MANAGE_MESSAGES
        if message.author is not self._world.bot and not (may and message.channel.guild):
            raise missing_permissions()
        self._world.delete(message)
        return NO_CONTENT


def _refuse_unless_may_post(channel: Channel, *, with_files: bool) -> None:
    if channel.type in WITHOUT_MESSAGES:
        raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
    permissions = channel.permissions_of(channel.platform.bot)
    sending = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if not permissions & sending or (with_files and not permissions & Permission.ATTACH_FILES):
        raise missing_permissions()


def _without_forbidden_embeds(draft: Draft, channel: Channel) -> Draft:
    if channel.permissions_of(channel.platform.bot) & Permission.EMBED_LINKS:
        return draft
    return Draft(draft.content, (), draft.components, draft.attachments, draft.flags, draft.mentions)


def _checked_nonce(body: Payload) -> str | int | None:
    nonce: str | int | None = body.get("nonce")
    errors = FormErrors()
    if isinstance(nonce, str):
        errors.fields((), {"nonce": nonce}, MESSAGE)
    errors.refuse_if_any()
    return nonce


def _picked(messages: list[Message], asked: Mapping[str, str], limit: int) -> list[Message]:
    if "before" in asked:
        return [message for message in messages if message.id < int(asked["before"])][-limit:]
    if "after" in asked:
        return [message for message in messages if message.id > int(asked["after"])][:limit]
    if "around" in asked:
        older = [message for message in messages if message.id < int(asked["around"])]
        newer = [message for message in messages if message.id >= int(asked["around"])]
        return older[-(limit // 2) :] + newer[: limit - limit // 2]
    return messages[-limit:]
