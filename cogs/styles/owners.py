"""The styles that a member may change: their own, and the server's as a moderator."""

from bot.errors import InvalidRequest, UserFacingError
from bot.i18n import _
from bot.picture.style import Style, owner_of_member
from bot.styles.styles import Editor
from cogs.shared.access import ImagineInteraction, check_place, origin_of
from cogs.shared.moderators import check_moderator


class NotYourStyle(UserFacingError):
    """Refuse to change another member's style."""

    def __init__(self) -> None:
        super().__init__(_("Only the member who made this style can change it."))


def editor_of(interaction: ImagineInteraction, *, server: bool) -> Editor:
    """Return who changes styles, by which command if it is one; raise `NotAModerator`."""
    check_place(interaction.client.settings, interaction.guild_id)
    user_id, owner = interaction.user.id, owner_of_member(interaction.user.id)
    if server:
        if interaction.guild_id is None:
            raise InvalidRequest(_("There is no server here. Leave out `server`. Nothing was saved."))
        check_moderator(interaction)
        owner = origin_of(interaction).server_key
    name = f"/{interaction.command.qualified_name if interaction.command else 'style'}"
    return Editor(owner, user_id, name)


def check_editor(interaction: ImagineInteraction, style: Style) -> Editor:
    """Return who changes an existing style; raise `NotYourStyle` or `NotAModerator`."""
    editor = editor_of(interaction, server=style.is_servers)
    if editor.owner != style.owner:
        raise NotYourStyle
    return editor
