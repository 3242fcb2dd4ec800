"""A run of the deep check as a process, and what it printed and wrote."""

from dataclasses import dataclass
from pathlib import Path

from tests.bot.test_cli import imagine_bot, settings_of
from tests.stage import Stage


@dataclass(frozen=True)
class DeepRun:
    """How a deep check ended; `report` is its text, empty if there is none."""

    code: int | None
    out: str
    err: str
    report: str

    @property
    def all_text(self) -> str:
        """Everything that it printed, logged and wrote."""
        return f"{self.out}\n{self.err}\n{self.report}"


def settings_for_deep_check(stage: Stage) -> dict[str, str]:
    return settings_of(stage) | {"GENERATION__POLL_SECONDS": "0.05"}


async def deep_check(stage: Stage, *flags: str, channel: int | str | None = None, **settings: str) -> DeepRun:
    """Run it in the stage's channel, or in another."""
    place = stage.channel.id if channel is None else channel
    arguments = ("check", "--deep", "--channel", str(place), *flags)
    ended = await imagine_bot(*arguments, **settings_for_deep_check(stage) | settings)
    return DeepRun(ended.code, ended.out, ended.err, report_in(stage.folder))


def report_in(folder: Path) -> str:
    """Return the text of the only report; empty if there is none."""
    reports = list(folder.glob("deep-check-*.md"))
    assert len(reports) < 2
    return reports[0].read_text(encoding="utf-8") if reports else ""
