"""Misspelt settings: names in `.env` or the environment that are nearly one of ours, and would change nothing."""

import difflib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from pydantic import BaseModel

from bot.errors import StartupError
from bot.settings import ENV_FILE, Settings

# How alike two names are, from 0 to 1. The environment belongs to the whole machine, so only a slip of a letter counts
# there: `HTTP_PROXY` is not a misspelt `HTTP_PORT` (0.84), and other programs have a `DATABASE_URI` (0.92).
_ALIKE_IN_FILE = 0.8
_ALIKE_IN_ENVIRONMENT = 0.93
_SAVE_AS_UTF_8: Final = "Save it as UTF-8 in your editor."
_FOREIGN: Final = ("POSTGRES_", "PG", "COMPOSE_", "DOCKER_", "HTTP_PROXY", "HTTPS_PROXY")
_ALSO_OF_OTHERS: Final = "AWS_"  # in the environment; in .env, these are the bot's


def check_setting_names() -> None:
    """Raise `StartupError` for a `.env` that cannot be read, or for misspelt settings with the real ones nearest."""
    complaints = [
        *(
            f"{wrong} in .env is not a setting. Did you mean {right}?"
            for wrong, right in misspelt(_in_file(), _ALIKE_IN_FILE)
        ),
        *(
            f"{wrong} in the environment is not a setting. Did you mean {right}?"
            for wrong, right in misspelt(_in_environment(), _ALIKE_IN_ENVIRONMENT)
        ),
    ]
    if complaints:
        raise StartupError("\n".join(complaints), "Correct or remove it.")


def misspelt(names: Iterable[str], alike: float) -> Iterator[tuple[str, str]]:
    """Yield each name that is nearly a setting's, with that setting; groups check the names inside them themselves."""
    ours = set(setting_names(Settings))
    groups = {name.partition("__")[0] for name in ours if "__" in name}
    for name in map(str.upper, names):
        if name in ours or name.partition("__")[0] in groups or name.startswith(_FOREIGN):
            continue
        if nearest := difflib.get_close_matches(name, ours, n=1, cutoff=alike):
            yield name, nearest[0]


def setting_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the environment names of every setting of a model, and of the groups in it."""
    for name, field in model.model_fields.items():
        match field.annotation:
            case type() as inner if issubclass(inner, BaseModel):
                yield from setting_names(inner, f"{prefix}{name}__")
            case _:
                yield f"{prefix}{name}".upper()


def _in_environment() -> Iterable[str]:
    return (name for name in os.environ if not name.upper().startswith(_ALSO_OF_OTHERS))


def _in_file() -> Iterable[str]:
    file = Path(ENV_FILE)
    try:
        content = file.read_bytes() if file.is_file() else b""
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise StartupError(".env isn't UTF-8 text.", _SAVE_AS_UTF_8) from None
    except OSError as cause:
        raise StartupError(f".env can't be read ({cause.strerror}).", "Let this user read it.") from cause
    if b"\0" in content:  # UTF-16 without a mark is UTF-8 with a zero behind each letter
        raise StartupError(".env isn't UTF-8 text.", _SAVE_AS_UTF_8)
    return dotenv_values(file, encoding="utf-8-sig") if content else ()
