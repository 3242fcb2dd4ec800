"""The events of a run: how processes ended, takeovers, and faults."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

TAKEN_OVER_WITHIN = 30.0  # seconds after a SIGKILL, as docs/reliability.md has it
_SENTENCE_CHARACTERS = 140
_SENTENCES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise, with the details to find its cause."""

    what: str
    generation: UUID | str
    details: str


@dataclass
class Chronicle:
    """Filled in while a plan is played."""

    ends: Counter[int | None] = field(default_factory=Counter)  # of processes, by exit code
    troubles: Counter[str] = field(default_factory=Counter)
    takeovers: list[float] = field(default_factory=list)  # seconds from each SIGKILL
    sentences: Counter[str] = field(default_factory=Counter)
    moved: int = 0  # pictures whose process died and stayed away
    rivals: int = 0
    findings: list[Finding] = field(default_factory=list)

    def read_sentences(self, log: str) -> None:
        """Record the messages with which processes ended by themselves: they aren't JSON."""
        self.sentences.update(line[:_SENTENCE_CHARACTERS] for line in log.splitlines() if line and line[0] != "{")

    def taken_over(self, executor: str, pictures: int, seconds: float) -> None:
        """Note that another process has all of a dead one's work."""
        self.takeovers.append(seconds)
        self.moved += pictures
        if seconds > TAKEN_OVER_WITHIN:
            self.findings.append(Finding("late takeover", executor, f"{pictures} pictures after {seconds:.1f} s"))

    def lines(self) -> Iterator[str]:
        """Return this part of the report."""
        others = {code: count for code, count in self.ends.items() if code != -9}
        yield f"kills       {self.ends[-9]}; other ends of processes, by exit code: {others or 'none'}"
        for sentence, count in self.sentences.most_common(_SENTENCES_SHOWN):
            yield f"  {count} times: {sentence}"
        yield f"rivals      {self.rivals} second processes of a shard"
        yield f"troubles    {', '.join(f'{count} {name}' for name, count in sorted(self.troubles.items()))}"
        if self.takeovers:
            yield (
                f"taken over  {self.moved} pictures of {len(self.takeovers)} processes that stayed away, "
                f"after {median(self.takeovers):.1f} s (median), {max(self.takeovers):.1f} s at most"
            )
