"""The audit: the bot's ledger, Apiframe's charges and the messages in Discord are compared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.picture.failure import FailureKind
from bot.picture.generation import Generation, State
from standins.apiframe.faults import Kind
from standins.apiframe.jobs import Job, Status
from tests.faults.soak.chronicle import Chronicle, Finding
from tests.faults.soak.fault_schedule import bot_messages, is_card_under_way
from tests.stage import Stage

_MARK_CHARACTERS = 12  # of a generation's id, in the names of its files
# What a job suffers from, and the end that it then comes to; a picture that ends so for another reason is lost.
ENDS = {
    Kind.POLICY: FailureKind.REFUSED_BY_MODEL,
    Kind.MODEL_FAILURE: FailureKind.MODEL_FAILED,
    Kind.NO_IMAGES: FailureKind.PICTURE_BROKEN,
    Kind.EXPIRED: FailureKind.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures at the end, and all that is wrong with them."""

    submitted: int
    refused: int
    unheard: int
    orders: int
    charged: int
    booked: int
    delivered: int
    failed: Counter[str]
    refunds: int
    chronicle: Chronicle
    findings: Sequence[Finding]
    forsaken: Sequence[Finding]  # cards that nobody updates any more: no picture depends on them

    def count(self, what: str) -> int:
        """Return how many findings there are of a kind."""
        return sum(finding.what == what for finding in self.findings)

    def lines(self) -> Iterator[str]:
        """Return the report."""
        failures = ", ".join(f"{count} {kind}" for kind, count in sorted(self.failed.items())) or "none"
        yield f"submitted   {self.submitted} pictures, in {self.orders} orders at Apiframe"
        yield f"delivered   {self.delivered}"
        yield f"failed      {self.failed.total()} ({failures})"
        yield f"refused     {self.refused} by a limit; {self.unheard} wishes that the bot never heard"
        yield f"refunds     {self.refunds}"
        yield f"charged     {self.charged} credits in Apiframe's books, {self.booked} in the ledger"
        yield from self.chronicle.lines()
        yield f"duplicates  {self.count('duplicate')}"
        yield f"lost        {self.count('lost')}"
        yield f"differences {self.count('difference')}"
        yield f"and {len(self.forsaken)} cards that promise for ever what came elsewhere, or was never reserved"
        for finding in [*self.findings, *self.forsaken]:
            yield f"  {finding.what}: generation {finding.generation}: {finding.details}"


def audit(stage: Stage, written: Sequence[Generation], chronicle: Chronicle, *, refused: int, unheard: int) -> Outcome:
    """Compare everything with everything, once nothing moves any more."""
    jobs = _jobs_by_key(stage)
    failed = [each for each in written if each.state is State.FAILED]
    findings = [*_strangers(stage, written), *chronicle.findings, *_unkept(written)]
    for generation in written:
        findings += _findings(generation, jobs.get(str(generation.id), []), _pictures_of(stage, generation))
    return Outcome(
        submitted=len(written),
        refused=refused,
        unheard=unheard,
        orders=len(stage.jobs()),
        charged=stage.apiframe.charged,
        booked=sum(each.credits or 0 for each in written),
        delivered=sum(each.state is State.DELIVERED for each in written),
        failed=Counter(str(each.failure.kind) for each in failed if each.failure),
        refunds=sum(job.status is Status.FAILED for job in stage.jobs()),
        chronicle=chronicle,
        findings=findings,
        forsaken=list(_forsaken_cards(stage, written)),
    )


def _findings(generation: Generation, jobs: Sequence[Job], pictures: int) -> Iterator[Finding]:
    state = f"{generation.state} {generation.failure.kind if generation.failure else ''}".strip()
    told = f"{state}, {pictures} pictures shown, jobs {[f'{job.id} {job.status}' for job in jobs]}"
    if len(jobs) > 1 or pictures > 1:
        yield Finding("duplicate", generation.id, told)
    if not _is_as_promised(generation, jobs, pictures):
        yield Finding("lost", generation.id, told)
    price = sum(job.cost for job in jobs if job.status is not Status.FAILED)
    if (generation.credits or 0) != price:
        yield Finding("difference", generation.id, f"{told}; {generation.credits} booked, {price} charged")


def _is_as_promised(generation: Generation, jobs: Sequence[Job], pictures: int) -> bool:
    """Return True if there is a picture, or a failure that the plan caused."""
    if generation.state is State.DELIVERED:
        return pictures > 0
    kind = generation.failure.kind if generation.failure else None
    if kind is FailureKind.INTERRUPTED:
        return not jobs
    return any(end is kind and fault in job.faults for job in jobs for fault, end in ENDS.items())


def _unkept(written: Sequence[Generation]) -> Iterator[Finding]:
    """Yield the pictures that the image store still does not have."""
    for each in written:
        if each.unsaved_since is not None:
            yield Finding("not kept", each.id, f"since {each.unsaved_since}")


def _strangers(stage: Stage, written: Sequence[Generation]) -> Iterator[Finding]:
    """Yield the orders that no generation stands behind."""
    known = {str(each.id) for each in written}
    for key, jobs in _jobs_by_key(stage).items():
        if key not in known:
            yield Finding("difference", key, f"{len(jobs)} orders of nobody's")


def _forsaken_cards(stage: Stage, written: Sequence[Generation]) -> Iterator[Finding]:
    """Yield the cards that promise a picture for ever, with the pictures of that prompt in their channel."""
    for message in bot_messages(stage):
        if message.lasting and is_card_under_way(message):  # nobody can touch a private one once its token is dead
            wishes = [
                each
                for each in written
                if _words(each) in message.text and each.origin.channel_id == message.channel.id
            ]
            told = f"message {message.id}, {len(message.history)} looks: {message.text.splitlines()[1]!r}"
            yield Finding("forsaken card", ", ".join(map(_traces, wishes)), told)


def _words(generation: Generation) -> str:
    return generation.request.prompt.replace(":", "\\:")


def _traces(generation: Generation) -> str:
    return f"{generation.id} ({generation.state}, card {generation.card_id}, picture {generation.message_id})"


def _pictures_of(stage: Stage, generation: Generation) -> int:
    mark = generation.id.hex[:_MARK_CHARACTERS]
    return sum(any(mark in file.filename for file in each.attachments) for each in bot_messages(stage))


def _jobs_by_key(stage: Stage) -> dict[str, list[Job]]:
    jobs: dict[str, list[Job]] = {}
    for job in stage.jobs():
        jobs.setdefault(job.idempotency_key or "", []).append(job)
    return jobs
