"""Events of a malicious or broken Discord, drawn by Hypothesis: the action, its values, and its distortion."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from hypothesis import strategies as st

from standins.discord.payload import Payload


class Door(Enum):
    """The ways in which something reaches the bot; the harmless ones first, since Hypothesis shrinks towards them."""

    COMPLETION = auto()
    COMMAND = auto()
    MENU = auto()
    PRESS = auto()
    CHOICE = auto()
    FORM = auto()
    REACTION = auto()
    MENTION = auto()


class Fate(Enum):
    """A modification of an interaction on its way."""

    FRESH = auto()
    TWICE = auto()
    LATE = auto()  # Discord has given it up already
    DEAD = auto()  # its token is of no use after the first answer


class Deed(Enum):
    """A modification of one value in a payload."""

    REPLACE = auto()
    DROP = auto()
    BURY = auto()
    ADD = auto()


class Guess(Enum):
    """An id that others must not reach, in place of a value; the fuzzer knows its meaning."""

    PICTURE = auto()
    PRIVATE_PICTURE = auto()
    MESSAGE = auto()
    CHANNEL = auto()
    ROLE = auto()
    USER = auto()


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong with a payload: at the place that `where` counts to, round and round."""

    deed: Deed
    where: int
    value: object


@dataclass(frozen=True, slots=True)
class Blow:
    """One event: `pick` chooses the command or the button, `values` fill it in (None is what it should be)."""

    door: Door
    fate: Fate
    place: int
    pick: int
    values: tuple[object, ...]
    damages: tuple[Damage, ...]


class Long(str):
    """A text that takes little room in a report."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Long({self[:1]!r} * {len(self)})"


TEXTS = (
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "\ud800",
        "boat \udfff\ud800",
        "\u202eevil\u2066",
        "\u200b" * 40,
        "Z" + "\u0335\u0489" * 60,
    ),
    *("@everyone @here", "<@1> <@&1> <#1>", "``` @everyone", "\\`", "> # -# **_~~||", "[boat](https://example.com)"),
    *(
        "<t:99999999999999:R>",
        "</imagine:0>",
        Long("a" * 2_001),
        Long("\U0001d49c" * 3_000),
        Long("x" * 100_000),
        "\r\n" * 30,
    ),
    *(
        "0:0",
        "9999:1",
        "\uff11\uff16:\uff19",
        "custom",
        "match_input_image",
        "seed " + "9" * 30,
        "quality 9999",
        "1e400",
    ),
    *("%s {0.__class__} ${HOME}", "'; DROP TABLE generations; --", "../../etc/passwd", "http://127.0.0.1/", "//["),
)
NUMBERS = (0, -1, 1.5, -0.0, 2**31, 2**53, 2**63, 2**64, 10**400, 1e308, float("inf"), float("nan"), True)
SHAPES: tuple[object, ...] = ([], {}, [[]], ["boat"], {"id": "1"}, [{"type": 1}], {"boat": {"boat": None}})
IDS = ("0", "-1", "1", str(2**63), "9" * 30, "abc", "²", "\uff11\uff12\uff13", "1_0", " 7")
VALUES = st.one_of(
    st.none(),
    st.sampled_from([*TEXTS, *NUMBERS, *SHAPES, *IDS, *Guess]),
    st.text(max_size=20),
    st.integers(-10, 10_000),
)
DAMAGES = st.builds(Damage, st.sampled_from(Deed), st.integers(0, 400), VALUES)
FATES = st.sampled_from([Fate.FRESH] * 9 + [Fate.TWICE, Fate.LATE, Fate.DEAD])
BLOWS = st.builds(
    Blow,
    st.sampled_from(Door),
    FATES,
    st.integers(0, 20),
    st.integers(0, 300),
    st.lists(VALUES, max_size=4).map(tuple),
    st.lists(DAMAGES, max_size=2).map(tuple),
)


def bent(payload: Payload, damage: Damage, guesses: Mapping[Guess, str], untouchable: frozenset[str]) -> Payload:
    """Return a copy of a payload with one damage done, anywhere but at the untouchable keys of the top."""
    copy = deepcopy(payload)
    places = list(_places({key: value for key, value in copy.items() if key not in untouchable}, copy))
    if places:
        value = guesses[damage.value] if isinstance(damage.value, Guess) else deepcopy(damage.value)
        _damage(*places[damage.where % len(places)], damage.deed, value)
    return copy


def _places(offered: Payload | list[Any], owner: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  (JSON)
    """Yield each place in a payload as its container and key, the outermost first."""
    keys = list(offered) if isinstance(offered, dict) else range(len(offered))
    yield from ((owner, key) for key in keys)
    for key in keys:
        if isinstance(owner[key], dict | list):
            yield from _places(owner[key], owner[key])


def _damage(owner: Any, key: Any, deed: Deed, value: object) -> None:  # noqa: ANN401  (an object or a list, and its key)
    match deed:
        case Deed.REPLACE:
            owner[key] = value
        case Deed.DROP:
            del owner[key]
        case Deed.BURY:
            owner[key] = [{"boat": owner[key]}]
        case Deed.ADD if isinstance(owner, dict):
            owner["boat"] = value
        case Deed.ADD:
            owner.append(value)
