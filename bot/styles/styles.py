"""Creating, editing, sharing and deleting styles; their images are kept first, and then one row is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from bot.errors import InvalidRequest, StorageUnavailable
from bot.generation.crash_points import crash_point
from bot.generation.draft import ImagineDraft
from bot.i18n import _
from bot.images.references import Attachment, References
from bot.limits.moderation import STYLES, AuditEntry, RuleListener, read_rulebook
from bot.limits.rulebook import Change, Rulebook
from bot.picture.origin import Origin
from bot.picture.request import Reference
from bot.picture.style import (
    NO_STYLE,
    Style,
    StyleContent,
    StyleImage,
    checked_name,
    name_key,
    owner_of_member,
)
from bot.storage.rules import RulesStore, RulesTransaction
from bot.storage.styles import STYLES_CHANGED, StyleStore, StyleTransaction
from bot.styles.checks import check_count, check_free, check_room, check_unused, unknown_style
from bot.styles.names import StyleNames

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Editor:
    """The person who changes the styles of an owner, and the command; the audit log of a server has both."""

    owner: str
    user_id: int
    command: str

    @property
    def is_for_server(self) -> bool:
        """Return True if a server's styles are changed."""
        return self.owner != owner_of_member(self.user_id)


@dataclass(frozen=True, slots=True)
class NewImages:
    """Images to be kept for a style: those of other styles or pictures, then attachments, with a note for each."""

    references: Sequence[Reference] = ()
    attachments: Sequence[Attachment] = ()
    notes: Sequence[str] = field(default=())

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.references) + len(self.attachments)


class Styles:
    """Finds and changes styles; `listener` gets each change of a server's."""

    def __init__(
        self,
        store: StyleStore,
        names: StyleNames,
        references: References,
        rules: RulesStore,
        listener: RuleListener,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self.names = names
        self._references = references
        self._rules = rules
        self._listener = listener
        self._now = now

    async def applied(self, draft: ImagineDraft, origin: Origin) -> ImagineDraft:
        """Return a draft in the style that it names, if any; raise `InvalidRequest` if there is no such style."""
        if draft.style_name is None:
            return await self._applied_by_default(draft, origin)
        if name_key(draft.style_name) == NO_STYLE:
            return draft.without_style()
        return draft.styled(
            await self.find(draft.style_name, origin.user_id, origin.server_key, _("Nothing was charged."))
        )

    async def _applied_by_default(self, draft: ImagineDraft, origin: Origin) -> ImagineDraft:
        """Return a draft in its member's default style; as it is if there is none of that name in this server.

        In a channel that requires a style, the reservation gives it that one, so that the other can't be in its way.
        """
        name = draft.layers.default_style
        if name is None or draft.style is not None or await self._is_required_in(origin):
            return draft
        found = await self._store.find([owner_of_member(origin.user_id), origin.server_key], name)
        return draft if found is None else replace(draft.styled(found), style_by_default=True)

    async def _is_required_in(self, origin: Origin) -> bool:
        rulebook = await read_rulebook(self._rules, origin.server_key)
        style = rulebook.style_in(origin.channel_id, origin.parent_channel_id)
        return style is not None and style.required

    async def find(self, name: str, user_id: int, server_key: str, outcome: str = "") -> Style:
        """Return the style of a name that a member can use in a server, their own first.

        Raises `InvalidRequest` with the nearest names if there is none, and with the `outcome` of the request.
        """
        found = await self._store.find([owner_of_member(user_id), server_key], name)
        if found is None:
            raise unknown_style(name, self.names.nearest(name, self.names.usable(user_id, server_key)), outcome)
        return found

    async def find_of(self, owner: str, name: str) -> Style:
        """Return an owner's style; raise `InvalidRequest` with the nearest names if there is none."""
        found = await self._store.find([owner], name)
        if found is None:
            raise self._unknown_of(owner, name)
        return found

    async def get(self, style_id: int) -> Style | None:
        """Return a style by its number, or None if it was deleted."""
        return await self._store.get(style_id)

    async def of(self, owner: str) -> Sequence[Style]:
        """Return the styles of an owner by name."""
        return await self._store.of(owner)

    async def create(self, editor: Editor, name: str, content: StyleContent, images: NewImages) -> Style:
        """Create a style; raise `InvalidRequest` for a bad or taken name, bad content, or one style too many."""
        chosen = checked_name(name)
        check_room(content, images.notes, images.count)
        content = content.with_images(content.images + await self._kept(images))

        def work(transaction: StyleTransaction) -> Style:
            check_free(transaction, chosen)
            check_count(transaction.count(), is_servers=editor.is_for_server)
            return transaction.add(chosen, content, self._now())

        return await self._change(editor, work, lambda style: (style.name, None, style.version))

    async def edit(
        self, editor: Editor, name: str, change: Callable[[StyleContent], StyleContent], new_name: str | None = None
    ) -> Style:
        """Change a style, which counts its version up; raise `InvalidRequest` if that makes it invalid, or no other."""
        chosen = None if new_name is None else checked_name(new_name)

        def work(transaction: StyleTransaction) -> Style:
            style = transaction.find(name)
            if style is None:
                raise self._unknown_of(editor.owner, name)
            if chosen is not None and name_key(chosen) != name_key(style.name):
                check_free(transaction, chosen)
            content = change(style.content)
            content.check()
            edited = style.model_copy(update={"name": chosen or style.name, "content": content})
            if edited == style:
                raise InvalidRequest(_("No change: the style `{style}` is already like that.", style=style.name))
            edited = edited.model_copy(update={"version": style.version + 1})
            transaction.save(edited, self._now())
            if edited.name != style.name:
                _rename_in_rules(transaction.rules, edited)
            return edited

        return await self._change(editor, work, lambda style: (style.name, style.version - 1, style.version))

    async def add_images(self, editor: Editor, name: str, images: NewImages) -> Style:
        """Add images to a style; raise `InvalidRequest` if there is no room for them."""
        check_room((await self.find_of(editor.owner, name)).content, images.notes, images.count)
        kept = await self._kept(images)
        return await self.edit(editor, name, lambda content: content.with_images(content.images + kept))

    async def remove_image(self, editor: Editor, name: str, number: int) -> Style:
        """Remove an image by its number, from 1; raise `InvalidRequest` if there is none."""

        def change(content: StyleContent) -> StyleContent:
            if not 1 <= number <= len(content.images):
                raise InvalidRequest(_("The style `{style}` has no image {number}.", style=name, number=number))
            return content.with_images(content.images[: number - 1] + content.images[number:])

        return await self.edit(editor, name, change)

    async def share(self, style: Style, audience_key: str) -> None:
        """Allow everybody in a server, in direct messages or in a group to copy a style."""
        await self._store.share(style, audience_key)

    async def copy(self, editor: Editor, style_id: int, audience_key: str) -> Style:
        """Copy a style that was shared in a place to another owner, under the same name; raise `InvalidRequest`."""
        shared = await self._store.get(style_id)
        if shared is None or not shared.is_shown_to(editor.user_id, audience_key):
            raise InvalidRequest(_("That style was deleted, so it can't be copied any more."))
        images = NewImages(shared.references, notes=[each.note for each in shared.content.images])
        return await self.create(editor, shared.name, shared.content.with_images(()), images)

    async def delete(self, editor: Editor, name: str) -> Style:
        """Delete a style, and return what it was; pictures that were made in it can still be made again."""

        def work(transaction: StyleTransaction) -> Style:
            style = transaction.find(name)
            if style is None:
                raise self._unknown_of(editor.owner, name)
            check_unused(Rulebook.model_validate(transaction.rules.rules()), style)
            transaction.remove(style)
            return style

        return await self._change(editor, work, lambda style: (style.name, style.version, None))

    async def _change(
        self,
        editor: Editor,
        work: Callable[[StyleTransaction], Style],
        versions: Callable[[Style], tuple[str, int | None, int | None]],
    ) -> Style:
        """Do something to a style, and record it in the audit log if it's a server's."""

        def audited(transaction: StyleTransaction) -> tuple[Style, AuditEntry | None]:
            style = work(transaction)
            if not editor.is_for_server:
                return style, None
            name, before, after = versions(style)
            change, now = Change(path=(STYLES, name), before=before, after=after), self._now()
            changes = [change.model_dump(mode="json")]
            id_ = transaction.rules.record(now, editor.user_id, editor.command, changes)
            return style, AuditEntry(id_, now, editor.user_id, editor.command, [change], undone=False)

        style, entry = await self._store.transact(editor.owner, audited)
        crash_point("style saved, not yet answered")
        if entry is not None:
            self._listener.changed(editor.owner, entry)
        try:
            await self.names.read(editor.owner)
        except StorageUnavailable as cause:
            self.names.kept.hear(f"{STYLES_CHANGED}{editor.owner}")  # so that they are read again soon
            log.warning("style_names_not_read", cause=cause.reason)
        return style

    async def _kept(self, images: NewImages) -> tuple[StyleImage, ...]:
        """Keep images, before a row needs them: what a killed process leaves are bytes, which the sweep deletes."""
        await self._references.keep_again(images.references)
        async with self._references.looked_at(images.attachments) as looked_at:
            await self._references.keep(looked_at)
        crash_point("images of a style kept, not yet saved")
        kept = [*images.references, *(each.reference for each in looked_at)]
        notes = [*images.notes, *[""] * len(kept)]
        bare = [each.model_copy(update={"url": None}) for each in kept]  # links die, and styles don't
        return tuple(StyleImage(reference=each, note=note) for each, note in zip(bare, notes, strict=False))

    def _unknown_of(self, owner: str, name: str) -> InvalidRequest:
        return unknown_style(name, self.names.nearest(name, self.names.of(owner)), _("Nothing was changed."))


def _rename_in_rules(transaction: RulesTransaction, style: Style) -> None:
    rules = Rulebook.model_validate(transaction.rules())
    renamed = {
        id_: each.model_copy(update={"name": style.name}) if each.style_id == style.id else each
        for id_, each in rules.channel_styles.items()
    }
    if renamed != rules.channel_styles:
        transaction.save(
            rules.model_copy(update={"channel_styles": renamed}).model_dump(mode="json", exclude_none=True)
        )
