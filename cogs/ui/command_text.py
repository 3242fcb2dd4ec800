"""A command with its options as text, which people copy into Discord."""

from collections.abc import Mapping

from bot.i18n import command_shown, option_shown
from bot.picture.options import shown


def spelt_out(command: str, options: Mapping[str, object]) -> str:
    """Return a command with every option that has a value, by the names that people's clients show."""
    chosen = (f"{option_shown(name)}:{shown(value)}" for name, value in options.items() if value is not None)
    return " ".join([f"/{command_shown(command)}", *chosen])
