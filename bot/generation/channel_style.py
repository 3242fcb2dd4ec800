"""The style of a channel: a default for requests without one, or required of all."""

from bot.errors import BotError, InvalidRequest
from bot.generation.draft import ImagineDraft
from bot.i18n import _
from bot.limits.admission import OtherStyle
from bot.limits.ledger import AdmissionRefused
from bot.limits.rulebook import ChannelStyle
from bot.picture.style import Style


class StyleDue(BotError):
    """Interrupt a reservation whose pictures have to be made in the style of their channel, which they don't have."""

    def __init__(self, style: ChannelStyle) -> None:
        super().__init__(style.name)
        self.style = style


def check_style(draft: ImagineDraft, style: ChannelStyle | None) -> None:
    """Raise `StyleDue` for a draft that has to get the style of its channel, or `AdmissionRefused`.

    A channel's default is for new pictures: those that are made from another one keep their style, or have none. It's
    displaced by the member's default style, which a required one displaces.
    """
    if style is None or (draft.style is not None and draft.style.id == style.style_id):
        return
    is_chosen = draft.style is not None and not (style.required and draft.style_by_default)
    if style.required and (is_chosen or draft.unstyled):
        raise AdmissionRefused(OtherStyle(style))
    if not is_chosen and not draft.unstyled and (style.required or draft.parent is None):
        raise StyleDue(style)


def in_channel_style(draft: ImagineDraft, due: ChannelStyle, found: Style | None) -> ImagineDraft:
    """Return a draft in the style of its channel; without that style if it's a default that was deleted.

    Raises `InvalidRequest` if it's required.
    """
    if found is not None:
        return draft.styled(found)
    if due.required:
        raise InvalidRequest(
            _(
                "This channel requires the style `{style}`, which was deleted. A moderator can choose another one with "
                "`/limits channels style`. Nothing was charged.",
                style=due.name,
            )
        )
    return draft.without_style()
