"""The command line: `imagine-bot run | check | migrate | sync`, with one sentence for a failed start.

Exit codes: 0 done, 1 it cannot be done and the sentence says why, 2 a setting or an argument is wrong.
"""

import asyncio
import ctypes
import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NoReturn

import structlog
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import CliApp, CliPositionalArg, SettingsError

from bot.app import durable_queue, open_bot, open_database
from bot.check import check
from bot.errors import StartupError
from bot.log import configure_logging
from bot.setting_names import check_setting_names
from bot.settings import Settings

log = structlog.get_logger(__name__)

_M_ARENA_MAX = -8  # the number of this setting in <malloc.h>

_TRY_PLAYGROUND = "To see the bot work without any account, run `uv run playground` in a checkout."


class CommandLine(Settings):
    """The Discord bot that draws with Flux 2 Max; settings come from the environment, from .env and from flags."""

    command: CliPositionalArg[Literal["run", "check", "migrate", "sync"]] = Field(
        description="run: serve Discord. check: look whether everything is set up. migrate: bring the database up to "
        "date. sync: register the slash commands again."
    )

    async def cli_cmd(self) -> None:
        """Do what the command says."""
        configure_logging(self.log_level, self.log_format)
        match self.command:
            case "run":
                await run(self)
            case "check":
                if not await check(self):
                    raise StartupError("Not everything is set up: see the table.")
            case "migrate":
                await migrate(self)
            case "sync":
                await sync(self)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    _keep_memory_together()
    os.umask(0o077)  # tokens, prompts and private pictures are for this user only
    _drop_empty_aws_variables()
    try:
        check_setting_names()
    except StartupError as sentence:
        _leave(2, str(sentence))
    try:
        CliApp.run(CommandLine, cli_args=list(arguments) if arguments is not None else None)
    except StartupError as sentence:
        _leave(1, str(sentence))
    except ValidationError as wrong:
        _leave(
            2,
            "\n".join(
                f"{_setting(error['loc'])}: {error['msg'].removeprefix('Value error, ')}" for error in wrong.errors()
            ),
        )
    except SettingsError as wrong:  # a group as one value, such as LIMITS=3
        _leave(2, _group_complaint(str(wrong)))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


async def run(settings: Settings) -> None:
    """Serve Discord until SIGTERM or Ctrl-C; what is then unfinished goes on at the next start."""
    token = required(settings.discord_token, "DISCORD_TOKEN")
    key = required(settings.apiframe_api_key, "APIFRAME_API_KEY")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_bot(settings, key) as runner:
        serving = asyncio.create_task(runner.serve(token))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
        finally:
            log.info("stopping")
            await runner.close()
            for task in (serving, stopping):
                task.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)


async def migrate(settings: Settings) -> None:
    """Bring our tables and the workflow tables up to date."""
    async with open_database(settings):
        await asyncio.to_thread(durable_queue(settings).prepare)


async def sync(settings: Settings) -> None:
    """Register the slash commands with Discord, whether or not they changed."""
    token = required(settings.discord_token, "DISCORD_TOKEN")
    aside = settings.model_copy(update={"http_port": 0, "public_url": None})  # the bot that runs has its port
    async with open_bot(aside, settings.apiframe_api_key or SecretStr("")) as runner:
        await runner.bot.log_in(token)
        await runner.bot.register_commands()


def required(secret: SecretStr | None, name: str) -> SecretStr:
    """Return a secret that a command cannot do without; raise `StartupError` that names its setting."""
    if secret is None or not secret.get_secret_value().strip():
        raise StartupError(f"{name} is not set: put it into the environment or into .env. {_TRY_PLAYGROUND}")
    return secret


def _keep_memory_together() -> None:
    """Have glibc share two arenas among all threads: with some for each, it keeps 130 MB more after a rush."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, with other habits
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _setting(location: tuple[int | str, ...]) -> str:
    return "__".join(str(part) for part in location).upper() or "Settings"


def _drop_empty_aws_variables() -> None:
    """Take what Docker Compose exports of empty lines in `.env` for absent, as every setting of ours is.

    obstore reads the same names from the environment by itself, and an empty address or key breaks it.
    """
    for name in [each for each in os.environ if each.startswith("AWS_") and not os.environ[each].strip()]:
        del os.environ[name]


def _group_complaint(words: str) -> str:
    name = "".join(re.findall(r'field "(\w+)"', words)).upper()
    return f"{name} is a group of settings: set them one by one, as {name}__… in .env.example."


def _leave(code: int, sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)
