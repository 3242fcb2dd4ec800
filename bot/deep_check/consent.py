"""Consent to the price of the picture, before anything is paid."""

import asyncio
import sys
from typing import Final

from rich.console import Console

from bot.errors import StartupError

_YES: Final = frozenset({"y", "yes"})
_WAYS_OUT: Final = "Add --yes to order it, or --free to check everything but the picture."


def check_consent_is_possible(*, free: bool, yes: bool) -> None:
    """Raise `StartupError` if a picture would be ordered and nobody can be asked."""
    if not (free or yes or sys.stdin.isatty()):
        raise StartupError("The deep check orders a picture, and nobody can be asked about its price here.", _WAYS_OUT)


async def ask_for_consent(console: Console, price: float | None, credits_left: int | None, *, yes: bool) -> bool:
    """Say what the picture costs and return whether it may be ordered; raise `StartupError` if credits are missing."""
    if price is not None and credits_left is not None and credits_left < price:
        words = f"The picture costs {price:g} credits, and {credits_left:,} are left."
        raise StartupError(words, "Add credits in your Apiframe dashboard, or use --free.")
    cost = "an unknown number of credits" if price is None else f"about {price:g} credits"
    left = "" if credits_left is None else f" of the {credits_left:,} that are left"
    words = f"The picture of the smallest size, 0.5 MP, costs {cost}{left}."
    console.print(words, highlight=False, soft_wrap=True)
    if yes:
        return True
    console.print("Order it? \\[y/N] ", end="")
    return (await _line()).strip().lower() in _YES


async def _line() -> str:
    """Return the next line from the terminal, without a thread that Ctrl+C would have to wait for."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sys.stdin.fileno(), lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline()
