"""The plan, from one seed: requests, faults, and kills of the bot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from bot.generation.crash_points import CRASH_POINTS
from tests.faults.soak.fault_schedule import Trouble, troubles

MEMBERS = 8
SHARDS = 2
SERVERS = 3
PICTURES_A_SECOND = 5.0
TROUBLES_A_SECOND = 4.0
_A_GREEDY_MEMBER = 0  # asks for more than the limits allow
_GREED = 4
_WITH_REFERENCES = 0.15
_PRIVATE = 0.1
_LIVES_SECONDS = (1.0, 9.0)
_DOOMED = 0.5
_WHOLE_BLOCK_FROM = 10.0  # seconds: a shorter plan has room for some plain kills only
_BETWEEN_OUTAGES_SECONDS = 20.0
_OUTAGE_SECONDS = (3.0, 10.0)


class Door(StrEnum):
    """The ways in which a person asks for a picture."""

    COMMAND = "command"
    REACTION = "reaction"
    BUTTON = "button"
    REMIX = "remix"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: `at` this many seconds after the start, by the entry point that a person uses.

    `choice`, from 0 to 1, picks one of the pictures that then stand in the server's channel.
    """

    number: int
    at: float
    door: Door
    member: int
    server: int
    references: int
    private: bool
    choice: float


class Ending(StrEnum):
    """How a life of a process ends, and the faults after it."""

    KILLED = "killed"  # and started again at once
    ALL_KILLED = "all killed"
    AWAY = "away"  # killed, and gone until another process has its work
    RIVAL = "rival"  # it goes on: a second process with the same shard has to give way


# An absence and a rival take 15 s each, in which nobody else is killed.
_TAKES = {Ending.AWAY: 15.0, Ending.RIVAL: 17.0, Ending.KILLED: 0.0, Ending.ALL_KILLED: 0.0}
_ENDINGS = (*[Ending.KILLED] * 4, *[Ending.ALL_KILLED] * 2, Ending.AWAY, Ending.RIVAL)


@dataclass(frozen=True, slots=True)
class Life:
    """The end of a shard's process after this many seconds; the process after it dies at `doom`."""

    shard: int
    seconds: float
    ending: Ending
    doom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """The image store is down `at` this many seconds after the start, for `seconds`."""

    at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All that can be known beforehand."""

    seed: int
    askings: Sequence[Asking]
    troubles: Sequence[Trouble]
    lives: Sequence[Life]
    outages: Sequence[Outage]

    @property
    def seconds(self) -> float:
        """Return when the last wish is spoken."""
        return self.askings[-1].at


def draw_plan(pictures: int, seed: int) -> Plan:
    """Return the plan of a seed: the same one every time."""
    random = Random(seed)
    askings = list(_askings(random, pictures))
    seconds = askings[-1].at
    return Plan(
        seed, askings, list(_troubles(random, seconds)), list(_lives(random, seconds)), list(_outages(random, seconds))
    )


def _askings(random: Random, pictures: int) -> Iterator[Asking]:
    at = 0.0
    weights = [_GREED if member == _A_GREEDY_MEMBER else 1 for member in range(MEMBERS)]
    for number in range(pictures):
        at += random.expovariate(PICTURES_A_SECOND)
        door = random.choice(list(Door))
        yield Asking(
            number=number,
            at=at,
            door=door,
            member=random.choices(range(MEMBERS), weights)[0],
            server=random.randrange(SERVERS),
            references=random.randint(1, 3) if random.random() < _WITH_REFERENCES else 0,
            private=door is Door.COMMAND and random.random() < _PRIVATE,
            choice=random.random(),
        )


def _troubles(random: Random, seconds: float) -> Iterator[Trouble]:
    at = random.expovariate(TROUBLES_A_SECOND)
    while at < seconds:
        yield random.choice(troubles(at, random))
        at += random.expovariate(TROUBLES_A_SECOND)


def _lives(random: Random, seconds: float) -> Iterator[Life]:
    is_long = seconds >= _WHOLE_BLOCK_FROM
    lived, block = 0.0, [Ending.AWAY] if is_long else []
    while lived < seconds:
        block = block or (_shuffled(random) if is_long else [Ending.KILLED])
        ending, life = block.pop(), random.uniform(*_LIVES_SECONDS)
        doom = (random.choice(CRASH_POINTS),) if random.random() < _DOOMED else ()
        yield Life(random.randrange(SHARDS), life, ending, doom)
        lived += life + _TAKES[ending]


def _shuffled(random: Random) -> list[Ending]:
    return random.sample(_ENDINGS, len(_ENDINGS))


def _outages(random: Random, seconds: float) -> Iterator[Outage]:
    at = random.expovariate(2 / _BETWEEN_OUTAGES_SECONDS)
    while at < seconds:
        outage = Outage(at, random.uniform(*_OUTAGE_SECONDS))
        yield outage
        at += outage.seconds + random.expovariate(1 / _BETWEEN_OUTAGES_SECONDS)
