"""The steps of a deep check: one line each on the terminal, and their verdicts for the report."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.markup import escape

from bot.deep_check.comparison import Difference, Problem
from bot.deep_check.problems import explain
from bot.deep_check.recorder import Recorder
from bot.deep_check.verdicts import Judge, Verdict

_SHOWN: Final = 5  # deviations of a step; the report has all


class PartEnded(Exception):
    """A step failed that the rest of its part needs."""


@dataclass(slots=True)
class Step:
    """One step: its verdicts, and a sentence if it failed."""

    title: str
    verdicts: list[Verdict] = field(default_factory=list)
    problem: str = ""

    @property
    def deviations(self) -> list[Difference]:
        """Return everything that is wrong in this step, once."""
        return list(dict.fromkeys(each for verdict in self.verdicts for each in verdict.deviations))

    @property
    def other_than_stand_in(self) -> list[Difference]:
        """Return the differences from the stand-in that break no promise, once."""
        return list(dict.fromkeys(each for verdict in self.verdicts for each in verdict.other_than_stand_in))

    def add(self, what: str, differences: list[Difference]) -> None:
        """Add a verdict of the check itself."""
        self.verdicts.append(Verdict(what, None, 0, (), tuple(differences)))


class Journal:
    """Runs steps, judges their exchanges, and says on the terminal how they ended."""

    def __init__(self, console: Console, judge: Judge, recorder: Recorder) -> None:
        self.steps: list[Step] = []
        self.skipped: list[tuple[str, str]] = []
        self.judge = judge
        self.console = console
        self._recorder = recorder

    @contextmanager
    def step(self, title: str, *, may_go_on: bool = False) -> Iterator[Step]:
        """Run a step; if it fails, raise `PartEnded` unless the next steps `may_go_on` without it."""
        step, done_before = Step(title), len(self._recorder.exchanges)
        try:
            yield step
        except asyncio.CancelledError:
            step.problem = "Interrupted."
            raise
        except Exception as error:
            step.problem = explain(error)
            if not may_go_on:
                raise PartEnded from error
        finally:
            exchanges = self._recorder.exchanges[done_before:]
            step.verdicts[:0] = [self.judge.exchange(exchange) for exchange in exchanges]
            self.steps.append(step)
            self._print(step)

    def skip(self, title: str, why: str) -> None:
        """Note a step that isn't done."""
        self.skipped.append((title, why))
        self.console.print(f"[yellow]-[/] {escape(title)}: not checked. {escape(why)}", highlight=False, soft_wrap=True)

    @property
    def has_failed(self) -> bool:
        """Return True if anything is wrong."""
        return any(step.problem or step.deviations for step in self.steps)

    def _print(self, step: Step) -> None:
        deviations = step.deviations
        mark = "[red]✗[/]" if step.problem or deviations else "[green]✓[/]"
        words = f": {step.problem}" if step.problem else ""
        self.console.print(f"{mark} {escape(step.title)}{escape(words)}", highlight=False, soft_wrap=True)
        lines = [in_words(difference) for difference in deviations]
        lines += [f"{in_words(difference)} (by the stand-in only)" for difference in step.other_than_stand_in]
        for line in lines[:_SHOWN]:
            self.console.print(f"    {escape(line)}", highlight=False, soft_wrap=True)
        if len(lines) > _SHOWN:
            self.console.print(f"    and {len(lines) - _SHOWN} more, see the report", highlight=False)


def in_words(difference: Difference) -> str:
    """Describe a difference, without a value."""
    match difference.problem:
        case Problem.MISSING:
            return f"{difference.path}: missing, expected {difference.expected}"
        case Problem.UNUSABLE:
            return f"{difference.path}: the bot can't use it"
        case _:
            return f"{difference.path}: {difference.found}, expected {difference.expected}"
