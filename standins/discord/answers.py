"""An app's responses to an interaction: the first response, its edits, and the follow-ups."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from standins.discord.errors import FormErrors, Refusal, invalid_form, unknown
from standins.discord.model.interactions import Callback, CallbackType, Interaction, InteractionType
from standins.discord.model.messages import Draft, Message, MessageFlag, MessageType
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.reading import read_payload
from standins.discord.rules.command_rules import check_choices
from standins.discord.rules.message_rules import Drafting, Uploaded
from standins.discord.rules.modal_rules import checked_modal

MOST_FOLLOW_UPS_OF_A_GUEST = 5
Uploads = Mapping[int, Uploaded]

FITTING = {
    InteractionType.COMMAND: {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE, CallbackType.MODAL},
    InteractionType.COMPONENT: set(CallbackType) - {CallbackType.CHOICES, CallbackType.PONG},
    InteractionType.AUTOCOMPLETE: {CallbackType.CHOICES},
    InteractionType.MODAL: set(CallbackType) - {CallbackType.CHOICES, CallbackType.MODAL, CallbackType.PONG},
}
UPDATES = {CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE}


def answer(world: World, interaction: Interaction, body: Payload, uploads: Uploads) -> Callback:
    """Take the first answer; raises what Discord refuses, and then the interaction is still unanswered."""
    interaction.refuse_if_late()
    kind = _fitting(interaction, body.get("type"))
    content: Payload = body.get("data") or {}
    with _below_data():
        accepted = _accepted(world, interaction, kind, content, uploads)
    callback = Callback(kind, read_payload(accepted, world.platform.reads), interaction.age)
    interaction.callback = callback
    world.news.note("INTERACTION_ANSWERED", interaction)
    return callback


@contextmanager
def _below_data() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        errors = {"data": refusal.errors} if refusal.errors else None
        raise Refusal(refusal.status, refusal.code, refusal.message, errors) from None


def _fitting(interaction: Interaction, number: object) -> CallbackType:
    fitting = FITTING[interaction.type]
    if interaction.type is InteractionType.MODAL and interaction.message is None:
        fitting = fitting - UPDATES
    if number not in {int(kind) for kind in fitting}:
        known = tuple(sorted(int(kind) for kind in fitting))
        raise invalid_form(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {known}.")
    return CallbackType(int(str(number)))


def _accepted(
    world: World, interaction: Interaction, kind: CallbackType, content: Payload, uploads: Uploads
) -> Payload:
    match kind:
        case CallbackType.MESSAGE:
            interaction.first_message = _post(world, interaction, content, uploads)
        case CallbackType.DEFERRED_MESSAGE:
            interaction.first_message = _post_thinking(world, interaction, content)
        case CallbackType.DEFERRED_UPDATE:
            interaction.first_message = interaction.message
        case CallbackType.UPDATE if interaction.message is not None:
            interaction.first_message = interaction.message
            edit(world, interaction, interaction.message, content, uploads)
        case CallbackType.CHOICES:
            return _checked_choices(interaction, content)
        case CallbackType.MODAL:
            return checked_modal(content)
        case _:
            raise AssertionError(f"{kind!r} does not fit and was let through")
    return content


def _checked_choices(interaction: Interaction, content: Payload) -> Payload:
    errors = FormErrors()
    focused = next(option for option in _flat(interaction.data["options"]) if option.get("focused"))
    choices = [choice for choice in content.get("choices") or [] if choice is not None]
    check_choices(errors, choices, focused["type"], ("choices",))
    errors.refuse_if_any()
    return {"choices": choices}


def _flat(options: list[Payload]) -> list[Payload]:
    return [one for option in options for one in (option, *_flat(option.get("options", [])))]


def follow_up(world: World, interaction: Interaction, body: Payload, uploads: Uploads) -> Message:
    """Post another message; after a deferred answer, the first one takes its place."""
    interaction.refuse_if_dead()
    original = interaction.original
    if original is not None and original.is_loading:
        return edit(world, interaction, original, body, uploads)
    if interaction.by_user_install and len(interaction.posted) >= MOST_FOLLOW_UPS_OF_A_GUEST:
        raise Refusal(400, 40094, "This interaction has reached the maximum number of follow up messages")
    message = _post(world, interaction, body, uploads)
    interaction.posted.append(message)
    return message


def edit(world: World, interaction: Interaction, message: Message, body: Payload, uploads: Uploads) -> Message:
    """Change a message of an interaction."""
    drafting = Drafting(interaction.channel, message.author, uploads, interaction.upload_limit)
    world.edit(message, drafting.edited(message, body))
    return message


def message_of(interaction: Interaction, wanted: int | None) -> Message:
    """Return the follow-up with this id, or `@original` for None; 10008 if it is gone or of another interaction."""
    interaction.refuse_if_dead()
    original = interaction.original
    own = [message for message in (original, *interaction.follow_ups) if message]
    for message in own:
        if wanted == message.id or (wanted is None and message is original):
            return message
    raise unknown("Message", 10008)


def _post(world: World, interaction: Interaction, body: Payload, uploads: Uploads) -> Message:
    drafting = Drafting(interaction.channel, world.bot, uploads, interaction.upload_limit, interaction.message)
    return _put(world, interaction, drafting.new(body, _privacy(interaction, body)))


def _post_thinking(world: World, interaction: Interaction, body: Payload) -> Message:
    return _put(world, interaction, Draft(flags=MessageFlag.LOADING | _privacy(interaction, body)))


def _privacy(interaction: Interaction, body: Payload) -> MessageFlag:
    if interaction.is_always_private:
        return MessageFlag.EPHEMERAL
    return MessageFlag(int(body.get("flags") or 0)) & MessageFlag.EPHEMERAL


def _put(world: World, interaction: Interaction, draft: Draft) -> Message:
    kind, reference = MessageType.CHAT_INPUT_COMMAND, None
    if interaction.data.get("type") in (2, 3):
        kind = MessageType.CONTEXT_MENU_COMMAND
    if interaction.first_message is not None or interaction.message is not None:
        kind = MessageType.REPLY
        reference = interaction.first_message or interaction.message
    return world.post(interaction.channel, world.bot, draft, kind=kind, reference=reference, interaction=interaction)
