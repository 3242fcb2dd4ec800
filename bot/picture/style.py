"""A style: words around a prompt, default options and kept images, under a name."""

import re
import unicodedata
from typing import Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.i18n.typed import half_width
from bot.picture.invisible import has_something_to_see
from bot.picture.layers import CHOICES, Choices
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX, Reference
from bot.picture.style_use import PROMPT_PLACE, StyleUse

NAME_MAX: Final = 32  # characters
NOTE_MAX: Final = 100  # characters
STYLE_CHOICES: Final = tuple(name for name in CHOICES if name != "private")
"""The options that a style can have: whether a picture is private is decided before its style is looked up."""

NO_STYLE: Final = "none"
"""In place of a name: the picture gets no style, not even its channel's default."""

_FORBIDDEN: Final = re.compile(r"[@<>`{}:]")
_JOINERS: Final = {0x200C: None, 0x200D: None}  # invisible, but emoji such as 👩‍🎨 and some scripts need them


class StyleImage(BaseModel):
    """One kept image of a style, and a note that says what it shows."""

    model_config = ConfigDict(frozen=True)

    reference: Reference
    note: str = ""


class StyleContent(BaseModel):
    """All of a style that its owner chooses, except for its name."""

    model_config = ConfigDict(frozen=True)

    frame: str = PROMPT_PLACE
    choices: Choices = Choices()
    images: tuple[StyleImage, ...] = ()

    def check(self, *, more_images: int = 0) -> None:
        """Raise `InvalidRequest` for a frame without its place for the prompt, bad options, or too many images."""
        check_frame(self.frame)
        self.choices.check()
        for note in (each.note for each in self.images):
            check_note(note)
        if (count := len(self.images) + more_images) > REFERENCES_MAX:
            raise InvalidRequest(
                _(
                    "A style can have up to {most} images, and this would make {count}. Leave some out. "
                    "Nothing was saved.",
                    most=REFERENCES_MAX,
                    count=count,
                )
            )

    def with_images(self, images: tuple[StyleImage, ...]) -> Self:
        """Return this content with other images."""
        return self.model_copy(update={"images": images})


class Style(BaseModel):
    """A style of its `owner`: a member (`user:…`) or a server (`guild:…`). Each edit counts its `version` up."""

    model_config = ConfigDict(frozen=True)

    id: int
    owner: str
    name: str
    version: int
    content: StyleContent
    shared_in: tuple[str, ...] = ()  # audience keys

    def is_shown_to(self, user_id: int, audience_key: str) -> bool:
        """Return True if somebody may see and copy it in a place: it's theirs, the server's, or shared there."""
        return self.owner in {owner_of_member(user_id), audience_key} or audience_key in self.shared_in

    @property
    def is_servers(self) -> bool:
        """Return True if it belongs to a server, and not to a member."""
        return not self.owner.startswith("user:")

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return its images as references of a picture."""
        return tuple(each.reference for each in self.content.images)

    @property
    def use(self) -> StyleUse:
        """Return what a picture remembers of it."""
        images = len(self.content.images)
        return StyleUse(id=self.id, version=self.version, name=self.name, frame=self.content.frame, images=images)


class StyleName(NamedTuple):
    """The name of a style, and whose it is."""

    owner: str
    id: int
    name: str


def owner_of_member(user_id: int) -> str:
    """Return the owner of a member's own styles."""
    return f"user:{user_id}"


def checked_name(name: str) -> str:
    """Return a name for a style with its spaces folded; raise `InvalidRequest` for one that can't be a name."""
    folded = " ".join(name.split())
    if not has_something_to_see(folded):
        raise InvalidRequest(_("A style needs a name. Nothing was saved."))
    if len(folded) > NAME_MAX:
        raise InvalidRequest(
            _(
                "A style's name can have up to {most} characters, and this one has {count}. Shorten it. "
                "Nothing was saved.",
                most=NAME_MAX,
                count=len(folded),
            )
        )
    if _FORBIDDEN.search(half_width(folded)) or not folded.translate(_JOINERS).isprintable():
        raise InvalidRequest(
            _(
                "A style's name can't have mentions, emoji of a server, backticks, invisible characters, or any of "
                "these: `@` `<` `>` `{` `}` `:`. Choose another name. Nothing was saved."
            )
        )
    if name_key(folded) == NO_STYLE:
        raise InvalidRequest(_("The name `none` stands for no style. Choose another name. Nothing was saved."))
    return folded


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", " ".join(name.split()).translate(_JOINERS)).casefold()


def typed_frame(typed: str) -> str:
    """Return a frame with its place for the prompt as the code finds it, also if that was typed in full width."""
    place = re.escape(PROMPT_PLACE)
    spans = [found.span() for found in re.finditer(place, half_width(typed))]
    for start, end in reversed(spans):
        typed = f"{typed[:start]}{PROMPT_PLACE}{typed[end:]}"
    return typed


def check_frame(frame: str) -> None:
    """Raise `InvalidRequest` for a frame that has no place for the prompt, or no room for one."""
    if PROMPT_PLACE not in frame:
        raise InvalidRequest(
            _(
                "The frame needs `{place}`: your prompt goes there, as in `{example}`. Nothing was saved.",
                place=PROMPT_PLACE,
                example=_("a watercolour of {place}", place=PROMPT_PLACE),
            )
        )
    if len(frame) > PROMPT_MAX:
        raise InvalidRequest(
            _("The frame can have up to {most} characters. Shorten it. Nothing was saved.", most=PROMPT_MAX)
        )


def check_note(note: str) -> None:
    """Raise `InvalidRequest` for a note on an image that is too long."""
    if len(note) > NOTE_MAX:
        raise InvalidRequest(
            _("A note can have up to {most} characters. Shorten it. Nothing was saved.", most=NOTE_MAX)
        )
