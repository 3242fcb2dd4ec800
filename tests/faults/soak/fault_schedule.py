"""The faults of both platforms, and how they are caused."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from standins.apiframe.faults import OF_JOBS, Fault, Kind, Route
from standins.discord.faults import Wrong
from standins.discord.garbled import Garbled
from standins.discord.gateway.gateway import Gateway
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Draft, Message
from tests.stage import Stage, has_picture

_PROGRESS_COLOURS = {0x5865F2, 0xF0B232}  # of the cards that stand in the place of a picture
API_ROUTES: Sequence[Route] = ("generate", "job", "uploads")
DISCORD_ROUTES = (
    ("POST", "/interactions/*"),
    ("PATCH", "/webhooks/*"),
    ("GET", "/webhooks/*"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/channels/*/messages/*"),
    ("GET", "/channels/*"),
    ("DELETE", "/channels/*"),
    ("PUT", "/channels/*"),
    ("*", "/*"),
)
REQUEST_FAULTS = (
    Fault(Kind.RATE_LIMITED, seconds=0.5),
    Fault(Kind.SERVER_ERROR, status=500),
    Fault(Kind.SERVER_ERROR, status=502),
    Fault(Kind.SERVER_ERROR, status=503),
    Fault(Kind.STALLED, seconds=1.5),
    Fault(Kind.LOST_REQUEST),
    Fault(Kind.LOST_ANSWER),
)
PAGES = (  # of proxies, captive portals and Cloudflare
    Fault(Kind.HTML),
    *(Fault(Kind.PROXY_PAGE, status=status) for status in (302, 401, 403, 404, 502, 520, 521, 522, 524, 530)),
)
OTHER_FAULTS = (
    *(Fault(kind) for kind in OF_JOBS if kind not in {Kind.HANG, Kind.HUGE}),  # what hangs is never settled
    Fault(Kind.HUGE, megabytes=11),
    Fault(Kind.SLOW_ORDER, seconds=3),
    Fault(Kind.UNKNOWN_STATUS, times=3),
    Fault(Kind.EXTRA_FIELDS, times=5),
    Fault(Kind.STRANGE_FIELDS, times=5),
    Fault(Kind.CUT_OFF),
    Fault(Kind.WRONG_CONTENT),
    Fault(Kind.MISSING, times=2),
)
DISCORD_WRONGS: Sequence[Wrong] = (
    {"status": 500},
    {"status": 503},
    {"status": 502, "after_acting": True},
    {"status": 429, "retry_after": 0.5},
    {"drop": True},
    {"drop": True, "after_acting": True},
    {"delay": 1.0},
)
DISCORD_GARBLED: Sequence[Wrong] = (
    *(Wrong(garbled=kind) for kind in Garbled),
    {"status": 204, "garbled": Garbled.EMPTY, "after_acting": True},
    {"status": 500, "garbled": Garbled.CUT},
    {"status": 503, "garbled": Garbled.CUT, "after_acting": True},
    {"status": 429, "retry_after": None},
    {"status": 429, "garbled": Garbled.HTML},
    {"status": 403, "garbled": Garbled.HTML},
)
GATEWAY_TROUBLES: Sequence[tuple[str, Callable[[Gateway], None]]] = (
    ("drop", Gateway.drop),
    ("reconnect", Gateway.ask_to_reconnect),
    ("invalid session", partial(Gateway.invalidate, resumable=False)),
    ("invalid connection", partial(Gateway.invalidate, resumable=True)),
    ("silence", Gateway.fall_silent),
)


_PASSES_AFTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault that begins `at` this many seconds after the start."""

    at: float
    family: str
    name: str
    strike: Callable[[Stage], object]


def troubles(at: float, random: Random) -> list[Trouble]:
    """Return one trouble of each family, with dice of its own."""
    many = random.choice((1, 1, 2, 6))
    request = replace(random.choice(REQUEST_FAULTS), route=random.choice(API_ROUTES), times=many)
    page = replace(random.choice(PAGES), route=random.choice(API_ROUTES), times=many)
    other = random.choice(OTHER_FAULTS)
    method, path = random.choice(DISCORD_ROUTES)
    wrong: Wrong = {**random.choice(DISCORD_WRONGS), "times": many}
    garbled: Wrong = {**random.choice(DISCORD_GARBLED), "times": min(many, 2)}
    name, gateway = random.choice(GATEWAY_TROUBLES)
    person = random.choice((_kill_token, _delete_card))
    fate = random.choice(("lost", "doubled", "late", "prompt"))
    return [
        Trouble(
            at, "Apiframe requests", f"{request.kind} at {request.route} x{many}", partial(_arm_briefly, fault=request)
        ),
        Trouble(at, "Apiframe pages", f"{page.status} at {page.route} x{many}", partial(_arm_briefly, fault=page)),
        Trouble(at, "Apiframe jobs", f"{other.kind}", partial(_arm, fault=other)),
        Trouble(at, "replayed keys", "409", _refuse_replays),
        Trouble(at, "Discord requests", f"{method} {path} {wrong}", _spoiling(method, path, wrong)),
        Trouble(at, "Discord garbled", f"{method} {path} {garbled}", _spoiling(method, path, garbled)),
        Trouble(at, "gateway", name, partial(_shake, how=gateway)),
        Trouble(at, "people", person.__name__.strip("_"), partial(person, choice=random.random())),
        Trouble(at, "webhooks", fate, partial(_spoil_webhooks, fate=fate)),
    ]


def clear_up(stage: Stage) -> None:
    """Remove all faults."""
    stage.apiframe.faults.disarm()
    stage.discord.faults.clear()
    _spoil_webhooks(stage, fate="prompt")


def _arm(stage: Stage, *, fault: Fault) -> None:
    stage.apiframe.faults.arm(replace(fault))  # one of its own, since it is used up


def _arm_briefly(stage: Stage, *, fault: Fault) -> None:
    """Arm a fault until it passes: a bot in an outage asks seldom, and the faults it does not meet would pile up."""
    armed = replace(fault)
    stage.apiframe.faults.arm(armed)
    asyncio.get_running_loop().call_later(_PASSES_AFTER_SECONDS, partial(setattr, armed, "times", 0))


def _refuse_replays(stage: Stage) -> None:
    """Lose the answer to the next order, and refuse it when it is repeated."""
    _arm_briefly(stage, fault=Fault(Kind.LOST_ANSWER, route="generate"))
    stage.apiframe.faults.arm(Fault(Kind.KEY_CONFLICT))


def _spoiling(method: str, path: str, wrong: Wrong) -> Callable[[Stage], object]:
    return lambda stage: stage.discord.faults.next(method, path, **wrong)


def _shake(stage: Stage, *, how: Callable[[Gateway], None]) -> None:
    how(stage.discord.gateway)


def _spoil_webhooks(stage: Stage, *, fate: str) -> None:
    stage.apiframe.faults.disarm(Kind.LOST_WEBHOOK)
    if fate == "lost":
        stage.apiframe.faults.arm(Fault(Kind.LOST_WEBHOOK, times=None))
    habits = stage.apiframe.webhooks
    habits.double, habits.delay = fate == "doubled", 2.0 if fate == "late" else 0.0


def _kill_token(stage: Stage, *, choice: float) -> None:
    alive = [each for each in stage.discord.world.interactions.values() if _has_open_card(each)]
    if alive:
        alive[int(choice * len(alive))].kill_token()


def _delete_card(stage: Stage, *, choice: float) -> None:
    cards = [each for each in bot_messages(stage) if each.lasting and is_card_under_way(each)]
    if cards:
        stage.discord.world.delete(cards[int(choice * len(cards))])


def _has_open_card(interaction: Interaction) -> bool:
    return interaction.original is not None and is_card_under_way(interaction.original)


def is_card_under_way(message: Message) -> bool:
    """Return True if a message promises a picture that is still to come."""
    return not has_picture(message) and is_progress(message.draft)


def is_progress(draft: Draft) -> bool:
    """Return True if a message has the colour of progress."""
    return any(part.get("accent_color") in _PROGRESS_COLOURS for part in draft.components)


def bot_messages(stage: Stage) -> list[Message]:
    """Return all messages of the bot that still exist."""
    world = stage.discord.world
    return [
        message
        for channel in world.channels.values()
        for message in channel.messages.values()
        if message.author is world.bot and message.deleted_at is None
    ]
