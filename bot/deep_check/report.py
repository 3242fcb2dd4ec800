"""The report of a deep check: Markdown for a bug report, with operations, places and types, and no value."""

import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

from bot.deep_check.comparison import Difference
from bot.deep_check.journal import Journal
from bot.deep_check.recorder import RATE_LIMIT
from bot.deep_check.verdicts import Verdict, grouped
from bot.errors import StartupError
from bot.settings import Settings

_HEADINGS: Final = ("where", "place", "problem", "found", "expected", "by")
_ADDRESSES: Final = ("discord_api_url", "apiframe_base_url")
_PACKAGES: Final = ("imagine-bot", "discord.py", "aiohttp")


def new_report(folder: Path) -> Path:
    """Create an empty report and return its path; raise `StartupError` if that can't be done."""
    path = folder / f"deep-check-{datetime.now(UTC):%Y%m%d-%H%M%S}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as cause:
        raise StartupError(
            f"DATA_DIR: the report {path} can't be written ({cause.strerror}).",
            "Let this user write there, free some disk space, or change DATA_DIR.",
        ) from cause
    return path


def save_report(journal: Journal, path: Path, settings: Settings) -> None:
    """Write the report; of the settings, it only says whether the platforms' addresses are their own."""
    others = [name.upper() for name in _ADDRESSES if getattr(settings, name) != Settings.model_fields[name].default]
    path.write_text("\n".join(_lines(journal, others)) + "\n", encoding="utf-8")


def summary(journal: Journal) -> str:
    """Return how much was compared, and how it ended."""
    verdicts = _verdicts(journal)
    requests = sum(verdict.is_request for verdict in verdicts)
    events = sum(verdict.is_event for verdict in verdicts)
    failed = sum(bool(step.problem) for step in journal.steps)
    deviations = sum(len(step.deviations) for step in journal.steps)
    found = [_counted(failed, "failed step")] * bool(failed) + [_counted(deviations, "deviation")]
    compared = f"{_counted(requests, 'request')} and {_counted(events, 'event')}"
    others = sum(len(step.other_than_stand_in) for step in journal.steps)
    more = f" {_counted(others, 'place')} differ{'s' * (others == 1)} from the stand-in, which breaks no promise."
    return f"Found {' and '.join(found)} in {compared}.{more * bool(others)}"


def _lines(journal: Journal, other_addresses: Sequence[str]) -> Iterator[str]:
    verdicts = _verdicts(journal)
    yield "# Deep check"
    yield ""
    yield f"{summary(journal)} {datetime.now(UTC):%Y-%m-%d} (UTC)."
    yield ""
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    yield f"{', '.join(versions)}, Python {platform.python_version()}, {sys.platform}."
    if other_addresses:
        yield f"Not the platforms themselves: {' and '.join(other_addresses)} set."
    deviations = _rows(verdicts, lambda verdict: verdict.deviations)
    yield from _section("Deviations", _HEADINGS, deviations)
    others = _rows(verdicts, lambda verdict: verdict.other_than_stand_in)
    yield from _section("Differences from the stand-in, which break no promise", _HEADINGS, others)
    yield from _section("Steps", ("step", "result"), _steps(journal))
    headings = ("request or event", "status", "times", "ms", f"{RATE_LIMIT}…")
    yield from _section("Requests and events", headings, _exchanges(verdicts))
    yield from _section("New fields, which are not wrong", ("where", "place", "type"), _new_fields(verdicts))


def _verdicts(journal: Journal) -> list[Verdict]:
    return [verdict for step in journal.steps for verdict in step.verdicts]


def _section(title: str, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield a table, or a word if it has no rows."""
    yield from ("", f"## {title}", "")
    unique = list(dict.fromkeys(rows))
    if not unique:
        yield "None."
        return
    yield from (f"| {' | '.join(row)} |" for row in chain([headings, ("---",) * len(headings)], unique))


def _rows(verdicts: Iterable[Verdict], chosen: Callable[[Verdict], Iterable[Difference]]) -> Iterator[tuple[str, ...]]:
    for verdict in verdicts:
        for each in chosen(verdict):
            yield verdict.what, f"`{each.path}`", each.problem, each.found, each.expected, each.source


def _steps(journal: Journal) -> Iterator[tuple[str, ...]]:
    for step in journal.steps:
        ended = step.problem or (_counted(len(step.deviations), "deviation") if step.deviations else "ok")
        yield step.title, ended
    yield from ((title, f"not checked. {why}") for title, why in journal.skipped)


def _exchanges(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, ...]]:
    for group in grouped(verdict for verdict in verdicts if verdict.is_request or verdict.is_event):
        first, durations = group[0], [verdict.duration_ms for verdict in group]
        least, most = min(durations), max(durations)
        took = str(least) if least == most else f"{least} to {most}"
        status = str(first.status) if first.status else ""
        headers = ", ".join(name.removeprefix(RATE_LIMIT) for name in first.rate_limit_headers)
        yield first.what, status, str(len(group)), took, headers


def _new_fields(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, ...]]:
    for verdict in verdicts:
        for each in verdict.new_fields:
            yield verdict.what, f"`{each.path}`", each.found


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
