"""From a request body to a message's content: Discord's rules for creating and editing, in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from standins.discord.errors import FormErrors, empty_message, too_large
from standins.discord.model.attachments import Attachment, attachment_of, cleaned
from standins.discord.model.channels import Channel
from standins.discord.model.messages import NO_FLAGS, Draft, Message, MessageFlag
from standins.discord.model.users import User
from standins.discord.payload import Payload
from standins.discord.rules import facts
from standins.discord.rules.component_rules import ComponentRules
from standins.discord.rules.mention_rules import mentions_in

SETTABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.COMPONENTS_V2
MOST_CHARACTERS = 2000  # the schema has 4000, which only some people may write
MOST_EMBED_TEXT = 6000
MOST_BYTES = 25 * 1024 * 1024  # of all files of a message, unless one may be larger


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it arrived in a request, lying on the disk until a message keeps it."""

    on_disk: Path
    filename: str
    content_type: str | None
    size: int


class Drafting:
    """Makes drafts for one author in one channel, from one request's body and files (numbered as in `files[n]`)."""

    def __init__(
        self,
        channel: Channel,
        author: User,
        uploads: Mapping[int, Uploaded],
        limit: int,
        answered: Message | None = None,
    ) -> None:
        self._channel = channel
        self._author = author
        self._uploads = uploads
        self._answered = answered
        self._limit = limit
        if any(uploaded.size > limit for uploaded in uploads.values()):
            raise too_large()

    def new(self, body: Payload, fixed: MessageFlag = NO_FLAGS) -> Draft:
        """Return the draft of a new message; `fixed` flags are Discord's own choice. Raises what Discord refuses."""
        return self._draft(body, Draft(flags=fixed))

    def edited(self, message: Message, body: Payload) -> Draft:
        """Return how `message` looks after an edit: what the body leaves out stays as it is."""
        return self._draft(body, message.history[-1].as_sent, keep_files="attachments" not in body)

    def _draft(self, body: Payload, before: Draft, *, keep_files: bool = True) -> Draft:
        errors = FormErrors()
        flags = self._flags(body, before)
        v2 = bool(flags & MessageFlag.COMPONENTS_V2)
        content: str = body.get("content", before.content) or ""
        errors.length(("content",), content, 0, MOST_CHARACTERS)
        embeds: tuple[Payload, ...] = tuple(body.get("embeds", before.embeds) or ())
        _check_embeds(errors, embeds)
        if v2:
            _check_no_legacy(errors, content, embeds, body)
        attachments = self._attachments(errors, body, before.attachments, keep_all=keep_files)
        by_name = {attachment.filename: attachment for attachment in attachments}
        components = before.components
        if "components" in body:
            rules = ComponentRules(errors, by_name, self._channel.platform.cdn, v2=v2)
            components = rules.render(body["components"] or ())
        errors.refuse_if_any()
        _refuse_emptiness(content, embeds, components, attachments, v2=v2)
        shown = self._resolved_embeds(embeds, by_name)
        draft = Draft(content, shown, components, attachments, flags & ~MessageFlag.LOADING)
        return self._with_mentions(draft, body)

    def _flags(self, body: Payload, before: Draft) -> MessageFlag:
        asked = MessageFlag(int(body.get("flags") or 0) & int(SETTABLE))
        if "flags" not in body:
            return before.flags
        return before.flags & ~MessageFlag.SUPPRESS_EMBEDS | asked

    def _attachments(
        self, errors: FormErrors, body: Payload, before: Sequence[Attachment], *, keep_all: bool
    ) -> tuple[Attachment, ...]:
        listed: list[Payload] = body.get("attachments") or []
        existing = {str(attachment.id): attachment for attachment in before}
        kept: list[Attachment] = list(before) if keep_all else []
        described: dict[int, Payload] = {}
        for index, entry in enumerate(listed):
            key = str(entry.get("id"))
            errors.fields(("attachments", index), entry, facts.MESSAGE_ATTACHMENT)
            if key in existing:
                kept.append(existing[key])
            elif key.isdigit() and int(key) in self._uploads:
                described[int(key)] = entry
            else:
                errors.add(("attachments", index), "ATTACHMENT_NOT_FOUND", "Attachment data not found")
        errors.refuse_if_any()
        fresh = [self._keep(uploaded, described.get(number, {})) for number, uploaded in sorted(self._uploads.items())]
        errors.fields((), {"attachments": kept + fresh}, facts.MESSAGE)
        if sum(attachment.file.size for attachment in kept + fresh) > max(self._limit, MOST_BYTES):
            raise too_large()
        return tuple(kept + fresh)

    def _keep(self, uploaded: Uploaded, entry: Payload) -> Attachment:
        filename = cleaned(str(entry.get("filename") or uploaded.filename))
        file = self._channel.platform.cdn.keep(
            uploaded.on_disk, filename, self._channel.id, content_type=uploaded.content_type
        )
        return attachment_of(file, entry.get("description"))

    def _resolved_embeds(self, embeds: Sequence[Payload], by_name: Mapping[str, Attachment]) -> tuple[Payload, ...]:
        return tuple({"type": "rich"} | self._resolved(dict(embed), by_name) for embed in embeds)

    def _resolved(self, embed: Payload, by_name: Mapping[str, Attachment]) -> Payload:
        for key in ("image", "thumbnail"):
            url = str((embed.get(key) or {}).get("url", ""))
            if not url.startswith("attachment://"):
                continue
            if attachment := by_name.get(url.removeprefix("attachment://")):
                link = self._channel.platform.cdn.link(attachment.file)
                embed[key] = {"url": link, "proxy_url": link}
            else:
                del embed[key]
        return embed

    def _with_mentions(self, draft: Draft, body: Payload) -> Draft:
        mentions = mentions_in(draft, self._channel, self._author, body.get("allowed_mentions"), self._answered)
        return Draft(draft.content, draft.embeds, draft.components, draft.attachments, draft.flags, mentions)


def _check_embeds(errors: FormErrors, embeds: Sequence[Payload]) -> None:
    errors.fields((), {"embeds": list(embeds)}, facts.MESSAGE)
    for index, embed in enumerate(embeds):
        errors.fields(("embeds", index), embed, facts.EMBED)
        for number, field in enumerate(embed.get("fields") or ()):
            errors.fields(("embeds", index, "fields", number), field, facts.EMBED_FIELD)
    if sum(len(_embed_text(embed)) for embed in embeds) > MOST_EMBED_TEXT:
        errors.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}")


def _embed_text(embed: Payload) -> str:
    fields = "".join(f"{field.get('name', '')}{field.get('value', '')}" for field in embed.get("fields") or ())
    footer = embed.get("footer") or {}
    return f"{embed.get('title') or ''}{embed.get('description') or ''}{footer.get('text', '')}{fields}"


def _check_no_legacy(errors: FormErrors, content: str, embeds: Sequence[Payload], body: Payload) -> None:
    legacy = {"content": content, "embeds": embeds, "poll": body.get("poll"), "sticker_ids": body.get("sticker_ids")}
    for name, value in legacy.items():
        if value:
            words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            errors.add((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def _refuse_emptiness(
    content: str,
    embeds: Sequence[Payload],
    components: Sequence[Payload],
    attachments: Sequence[Attachment],
    *,
    v2: bool,
) -> None:
    if not (components if v2 else content or embeds or attachments):
        raise empty_message()
