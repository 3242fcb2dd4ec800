"""The command line: `imagine-bot run | check | migrate | sync | backup | restore`, one sentence for a failed start.

Exit codes: 0 done, 1 it cannot be done and the sentence says why, 2 a setting or an argument is wrong.
"""

import asyncio
import ctypes
import os
import re
import signal
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn, Self

import structlog
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    CliApp,
    CliImplicitFlag,
    CliPositionalArg,
    CliSettingsSource,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsError,
)

from bot.errors import StartupError
from bot.log import configure_logging
from bot.metrics.garbage import collect_from_now_on, collect_once_for_all
from bot.role import Role
from bot.runner import BotRunner
from bot.setting_names import check_setting_names
from bot.settings import Settings
from bot.storage.database_failures import outage_ends_process

log = structlog.get_logger(__name__)

_TIDY_AFTER_SECONDS: Final = 0.5  # after the first look at the queue
_M_ARENA_MAX = -8  # the number of this setting in <malloc.h>

_TRY_PLAYGROUND = "To see the bot work without any account, run `uv run playground` in a checkout."


_WITH_FOLDER: Final = frozenset({"backup", "restore"})
_HELP: Final = """A Discord bot that makes pictures with Flux 2 Max.

commands:
  run              Serve Discord.
  check            Check that everything is set up, and print the invite link.
  check --deep --channel ID
                   Use Discord and Apiframe once, and compare their answers with what the bot expects.
                   It orders the smallest picture and asks you first; --free orders none, --yes doesn't ask.
  migrate          Update the database's tables.
  sync             Register the slash commands again.
  backup FOLDER    Copy the databases and images into a new folder. The bot may be running.
  restore FOLDER   Put a backup back. The database must be new, and the bot stopped.

Settings come from flags, from the environment and from .env; the first of these that has a setting decides.
.env.example explains each setting."""


def _channel_id(written: object) -> object:
    """Return the id; raise `ValueError` for text that can't be one."""
    if isinstance(written, str) and not re.fullmatch(r"[1-9][0-9]{0,18}", written.strip()):
        raise ValueError("--channel takes the id of a channel, a long number: right-click it, and Copy Channel ID.")
    return written


class CommandLine(Settings):
    """Settings together with what to do."""

    command: CliPositionalArg[Literal["run", "check", "migrate", "sync", "backup", "restore"]] = Field(
        description="One of the commands above."
    )
    # No variable of the environment can have this name, which a folder left over from elsewhere could.
    folder: CliPositionalArg[Path | None] = Field(
        None, validation_alias="BACKUP-FOLDER", description="The folder of a backup, for backup and restore."
    )

    deep: CliImplicitFlag[bool] = Field(False, description="Check the platforms' answers too; needs --channel.")
    channel: Annotated[int | None, BeforeValidator(_channel_id)] = Field(
        None, description="The id of the channel in which a deep check may post."
    )
    free: CliImplicitFlag[bool] = Field(False, description="A deep check without a picture.")
    yes: CliImplicitFlag[bool] = Field(False, description="A deep check that orders its picture without asking.")
    interactive: CliImplicitFlag[bool] = Field(
        False, description="A deep check that also waits for you to press a button in Discord."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (with the flags; the sources below are without)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only settings from the environment: a variable named YES must not agree to a price."""
        return init_settings, EnvSettingsSource(Settings), DotEnvSettingsSource(Settings), file_secret_settings

    @model_validator(mode="after")
    def _flags_of_a_deep_check(self) -> Self:
        if self.deep and self.command != "check":
            raise ValueError(f"`imagine-bot {self.command}` takes no --deep, only `imagine-bot check` does.")
        if self.deep and self.channel is None:
            raise ValueError("--deep needs --channel with the id of a channel in which it may post a card.")
        if not self.deep and (self.channel is not None or self.free or self.yes or self.interactive):
            raise ValueError("--channel, --free, --yes and --interactive belong to `imagine-bot check --deep`.")
        return self

    @model_validator(mode="after")
    def _folder_where_one_is_needed(self) -> Self:
        if (self.command in _WITH_FOLDER) != (self.folder is not None):
            needs = "needs a folder" if self.folder is None else "takes no folder"
            raise ValueError(f"`imagine-bot {self.command}` {needs}. See `imagine-bot --help`.")
        return self

    async def cli_cmd(self) -> None:
        """Do what the command says."""
        collect_from_now_on()
        configure_logging("ERROR" if self.deep else self.log_level, self.log_format)  # warnings have ids in them
        with outage_ends_process(self.database_url):
            await self._do()

    async def _do(self) -> None:
        match self.command:
            case "run":
                await run(self)
            case "check" if self.channel is not None:
                from bot.deep_check.deep_check import (  # noqa: PLC0415  (a start has no use for it)
                    DeepCheck,
                    deep_check,
                )

                token = required(self.discord_token, "DISCORD_TOKEN")
                key = required(self.apiframe_api_key, "APIFRAME_API_KEY")
                asked = DeepCheck(self.channel, free=self.free, yes=self.yes, interactive=self.interactive)
                await deep_check(self, token, key, asked)
            case "check":
                from bot.check import check  # noqa: PLC0415  (a gateway never needs it)

                if not await check(self):
                    raise StartupError("Not everything is set up.", "Do what the table says, then check again.")
            case "migrate":
                await migrate(self)
            case "sync":
                await sync(self)
            case "backup":
                from bot.backup import backup  # noqa: PLC0415

                images = await backup(self, self.folder or Path())
                sys.stdout.write(f"Backed up the databases and {images:,} images to {self.folder}.\n")
            case "restore":
                from bot.backup import restore  # noqa: PLC0415

                images = await restore(self, self.folder or Path())
                sys.stdout.write(
                    f"Restored the databases and {images:,} images. Start the bot with `imagine-bot run`.\n"
                )


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
        _run(list(sys.argv[1:] if arguments is None else arguments))
    except StartupError as sentence:
        _leave(1, str(sentence))
    except ValidationError as wrong:
        _leave(
            2,
            "\n".join(_setting(error["loc"]) + error["msg"].removeprefix("Value error, ") for error in wrong.errors()),
        )
    except SettingsError as wrong:  # a group as one value, such as LIMITS=3
        _leave(2, _group_complaint(str(wrong)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)
    sys.exit(0)


def _run(arguments: list[str]) -> None:
    """Read the settings and do what the command says; the help shows the commands before 60 settings."""
    usage = "imagine-bot COMMAND [FOLDER] [--SETTING VALUE ...]"
    parser = ArgumentParser("imagine-bot", usage=usage, description=_HELP, formatter_class=RawDescriptionHelpFormatter)
    source: CliSettingsSource[ArgumentParser] = CliSettingsSource(CommandLine, root_parser=parser)
    CliApp.run(CommandLine, cli_args=arguments, cli_settings_source=source)


async def run(settings: Settings) -> None:
    """Serve Discord until SIGTERM or Ctrl-C; unfinished pictures continue at the next start."""
    token = required(settings.discord_token, "DISCORD_TOKEN")
    key = required(settings.apiframe_api_key, "APIFRAME_API_KEY")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _opened(settings, key) as runner:
        serving = asyncio.create_task(runner.serve(token))
        stopping = asyncio.create_task(stop.wait())
        tidying = asyncio.create_task(_tidy_when_ready(runner))
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
        finally:
            log.info("stopping")
            await runner.close()
            for task in (serving, stopping, tidying):
                task.cancel()
            await asyncio.gather(serving, stopping, tidying, return_exceptions=True)


async def _tidy_when_ready(runner: BotRunner) -> None:
    await runner.until_ready()
    await asyncio.sleep(_TIDY_AFTER_SECONDS)
    collect_once_for_all()


def _opened(settings: Settings, key: SecretStr) -> AbstractAsyncContextManager[BotRunner]:
    """Open the process of a role; a gateway imports no module that only workers need."""
    if settings.role is Role.GATEWAY:
        from bot.gateway_app import open_gateway  # noqa: PLC0415

        return open_gateway(settings, key)
    from bot.app import open_bot  # noqa: PLC0415

    return open_bot(settings, key)


async def migrate(settings: Settings) -> None:
    """Bring our tables and the workflow tables up to date."""
    from bot.app import open_database  # noqa: PLC0415
    from bot.generation.queue_database import prepare  # noqa: PLC0415
    from bot.parts import direct_url  # noqa: PLC0415
    from bot.storage.engine import durable_url, parse_database_url  # noqa: PLC0415

    async with open_database(settings):
        url = durable_url(parse_database_url(settings.database_url))
        await asyncio.to_thread(prepare, url, direct_url(settings), settings.generation)


async def sync(settings: Settings) -> None:
    """Register the slash commands with Discord, whether or not they changed."""
    from bot.app import open_bot  # noqa: PLC0415

    token = required(settings.discord_token, "DISCORD_TOKEN")
    beside_the_bot = {"http_port": 0, "public_url": None, "role": Role.ALL}  # it has its port
    aside = settings.model_copy(update=beside_the_bot)
    async with open_bot(aside, settings.apiframe_api_key or SecretStr("")) as runner:
        await runner.bot.log_in(token)
        await runner.bot.register_commands()


def required(secret: SecretStr | None, name: str) -> SecretStr:
    """Return a secret that a command cannot do without; raise `StartupError` that names its setting."""
    if secret is None or not secret.get_secret_value().strip():
        raise StartupError(f"{name} isn't set.", f"Set it in the environment or in .env. {_TRY_PLAYGROUND}")
    return secret


def _keep_memory_together() -> None:
    """Make glibc share two arenas among all threads: with some for each, it keeps 130 MB more after a rush."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, with other habits
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _setting(location: tuple[int | str, ...]) -> str:
    """Return the name that a complaint begins with; one about several settings names them itself."""
    return f"{'__'.join(str(part) for part in location).upper()}: " if location else ""


def _drop_empty_aws_variables() -> None:
    """Take what Docker Compose exports of empty lines in `.env` for absent, as every setting of ours is.

    obstore reads the same names from the environment by itself, and an empty address or key breaks it.
    """
    for name in [each for each in os.environ if each.startswith("AWS_") and not os.environ[each].strip()]:
        del os.environ[name]


def _group_complaint(words: str) -> str:
    name = "".join(re.findall(r'field "(\w+)"', words)).upper()
    return f"{name} is a group of settings. Set them one by one, as {name}__… in .env.example."


def _leave(code: int, sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)
