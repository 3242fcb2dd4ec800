"""Refusing pictures of others, and filters that make no sense."""

from bot.errors import InvalidRequest, UserFacingError
from bot.i18n import _
from bot.picture.history_filter import DAYS_MAX, HistoryFilter
from cogs.shared.access import ImagineInteraction
from cogs.shared.moderators import moderates_server


class OthersPictures(UserFacingError):
    """Refuse to show another member's pictures to a non-moderator."""

    def __init__(self) -> None:
        super().__init__(
            _("Only moderators with **Manage Messages** or **Manage Server** can see another member's pictures.")
        )


def check_filter(interaction: ImagineInteraction, asked: HistoryFilter) -> None:
    """Raise `OthersPictures` or `InvalidRequest` unless the person may see these pictures.

    Those of others are for people who moderate the whole server, and their favourites are for nobody else.
    """
    if asked.days is not None and not 1 <= asked.days <= DAYS_MAX:
        raise InvalidRequest(_("`days` must be from 1 to {most}.", most=DAYS_MAX))
    if interaction.user.id == asked.user_id:
        return
    if asked.favourites:
        raise InvalidRequest(_("Only {member} can see their favourites.", member=f"<@{asked.user_id}>"))
    if not moderates_server(interaction):
        raise OthersPictures
