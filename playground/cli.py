"""The command line: `playground` opens a page to play on, `playground imagine` draws a picture without a browser.

Exit codes: 0 done, 1 there is no picture and the sentence says why, 2 wrong usage, 130 interrupted.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import NoReturn

from rich.console import Console

from bot.errors import StartupError
from bot.log import configure_logging
from playground.app import FarEnds, open_far_ends, running_bot
from playground.bot_process import BotProcess
from playground.demo_server import add_styles
from playground.terminal.options import UsageError, parse
from playground.terminal.session import RefusedError, Session
from playground.web.page import Backstage, open_page
from playground.web.pulse import Pulse
from standins.discord.client.client import UnusableError
from standins.discord.model.interactions import NotAnsweredError
from standins.discord.rules.command_rules import SLASH

_EXAMPLE = 'playground imagine "a red boat at dawn" --aspect-ratio 16:9 --resolution "2 MP"'
_PORT = 8700
_CONNECTS_SECONDS = 30.0
_OPEN = """\
The playground is open: {page}

Press Ctrl-C to close it. Everything in it is deleted then.
"""
_FOR_A_BOT = """
To connect your own bot, put these lines into its .env, or into the shell that starts it:

export DISCORD_API_URL={discord.api_url}
export DISCORD_TOKEN={discord.token}
export APIFRAME_BASE_URL={apiframe.base_url}
export APIFRAME_API_KEY={apiframe.api_key}

Then run `imagine-bot check` and `imagine-bot run`.
"""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command and chosen.without_bot:
        parser.error(f"{chosen.command} needs the bot: leave out --without-bot")
    configure_logging(chosen.log_level, "auto")
    try:
        sys.exit(asyncio.run(_run(chosen)))
    except StartupError as sentence:
        sys.stderr.write(f"{sentence}\n")
        sys.exit(1)
    except UsageError as sentence:
        sys.stderr.write(f"{sentence}\nSee `playground imagine --help`.\n")
        sys.exit(2)
    except asyncio.CancelledError:
        sys.exit(130 if chosen.command else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="playground",
        description="Run the bot between local stand-ins for Discord and Apiframe: no account, no key, no costs.",
        epilog=f"Without a command, it serves a page for your browser until Ctrl-C. Without a browser: {_EXAMPLE}",
        allow_abbrev=False,
    )
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    parser.add_argument(
        "--log-level",
        choices=levels,
        default="WARNING",
        help="the lowest level of the bot's log that is shown (WARNING)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=_PORT,
        help=f"the page's port ({_PORT}, or a free one if that's taken); 0 = any free one",
    )
    parser.add_argument("--without-bot", action="store_true", help="start only the stand-ins, for a bot of your own")
    parser.add_argument(
        "command", nargs="?", choices=["imagine"], help="draw a picture; see `playground imagine --help`"
    )
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...", help="the command's prompt and options")
    return parser


async def _run(chosen: argparse.Namespace) -> int:
    _end_on_signals()
    async with open_far_ends() as ends:
        if chosen.command is None:
            return await _stay_open(ends, chosen)
        async with running_bot(ends.settings()):
            return await _draw(ends, chosen.command, chosen.words)


def _end_on_signals() -> None:
    """Cancel this task on Ctrl-C and SIGTERM, so that everything is closed and its files are removed."""
    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _draw(ends: FarEnds, name: str, words: Sequence[str]) -> int:
    command = ends.discord.world.commands.usable(name, SLASH, ends.town.guild.id)
    if command is None:
        raise UsageError(f"The bot has registered no command /{name}.")
    typed = parse(command.registered, words)
    member = ends.town.residents["alice"].person
    member.user.locale = typed.locale
    if "style" in typed.options:
        await add_styles(ends.town)
    console = Console(highlight=False)
    try:
        session = Session(console, ends.discord.world, ends.town.channels["pictures"], member)
        async for path in session.draw(command.registered, typed):
            console.out(f"Saved {path}", highlight=False)
    except RefusedError:
        return 1
    except (NotAnsweredError, UnusableError) as sentence:
        console.out(sentence)
        return 1
    return 0


async def _connected(ends: FarEnds, bot: BotProcess) -> None:
    """Wait for the bot, so that it's there when the page opens. If it doesn't come, the page says so."""
    with suppress(TimeoutError):
        await ends.discord.world.until(lambda: ends.discord.gateway.connected or not bot.is_alive, _CONNECTS_SECONDS)


async def _stay_open(ends: FarEnds, chosen: argparse.Namespace) -> NoReturn:
    pulse = Pulse()
    bot = BotProcess(ends.environment(), ends.folder, ends.discord.world.news.ring)
    backstage = Backstage(ends.discord, ends.apiframe, ends.town, bot, pulse)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.stop)
        page = await stack.enter_async_context(open_page(backstage, chosen.port))
        if not chosen.without_bot:
            await bot.start()
            await _connected(ends, bot)
        sys.stdout.write(_OPEN.format(page=page))
        if chosen.without_bot:
            sys.stdout.write(_FOR_A_BOT.format(discord=ends.discord, apiframe=ends.apiframe))
        sys.stdout.flush()
        await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")
