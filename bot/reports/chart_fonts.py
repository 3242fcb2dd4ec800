"""The fonts of a chart: matplotlib's own, and those of the machine for letters that it lacks."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from matplotlib.font_manager import FontEntry, findSystemFonts, fontManager, get_font, weight_dict

_OWN: Final = "DejaVu Sans"
_REGULAR, _SEMIBOLD = 400, 600
_JAPANESE: Final = (
    *("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic"),
    *("IPAPGothic", "IPAGothic", "TakaoPGothic", "TakaoGothic", "VL PGothic", "VL Gothic", "MS Gothic"),
)
_CHINESE: Final = (
    *("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
)
# The same characters look different in the two languages; another font of the machine comes after all of these.
_PREFERRED: Final = {"ja": (*_JAPANESE, *_CHINESE), "zh": (*_CHINESE, *_JAPANESE)}
_WITHOUT_LETTERS: Final = ("last resort", "lastresort", "adobe blank")  # which claim all of Unicode and draw boxes
_OF_WORDS: Final = frozenset("LMNP")  # letters, marks, digits, punctuation: emoji are worth no search


@dataclass(frozen=True, slots=True)
class ChartFonts:
    """Font families in the order in which each letter is looked for in them, and the code points that they have."""

    families: tuple[str, ...]
    glyphs: frozenset[int]

    @classmethod
    def for_letters(cls, letters: Iterable[str], locale: str | None = None) -> Self:
        """Return matplotlib's font, and as few of the machine's as have the letters that it lacks.

        Characters that look different from one language to another have the shapes of `locale`.
        """
        families, glyphs = [_OWN], set(_glyphs_of(_OWN))
        missing = {ord(letter) for letter in letters if unicodedata.category(letter)[0] in _OF_WORDS} - glyphs
        for family in _families_of_the_machine(locale) if missing else ():
            if missing & (its_glyphs := _glyphs_of(family)):
                families.append(family)
                glyphs |= its_glyphs
                missing -= its_glyphs
            if not missing:
                break
        return cls(tuple(families), frozenset(glyphs))

    @property
    def title_weight(self) -> str:
        """Return `bold`, unless a font has no such letters: half a title in bold looks like a mistake."""
        bold = {entry.name for entry in fontManager.ttflist if _weight_of(entry) > _SEMIBOLD}
        return "bold" if bold.issuperset(self.families) else "normal"


def _families_of_the_machine(locale: str | None) -> Iterator[str]:
    """Yield the families that matplotlib has noted, and those that were installed after it did."""
    noted = {entry.name for entry in fontManager.ttflist}
    yield from _ordered(noted, locale)
    _note_new_fonts()
    yield from _ordered({entry.name for entry in fontManager.ttflist} - noted, locale)


def _ordered(names: Collection[str], locale: str | None) -> Iterator[str]:
    preferred = _PREFERRED.get((locale or "")[:2], _PREFERRED["ja"])
    yield from (name for name in preferred if name in names)
    others = set(names) - {_OWN, *preferred}
    for name in sorted(others, key=lambda each: ("serif" in each.lower(), each)):
        if not name.lower().startswith(_WITHOUT_LETTERS):
            yield name


def _note_new_fonts() -> None:
    """Read the fonts that matplotlib's list lacks: it makes the list once, and keeps it in a file."""
    known = {str(entry.fname) for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(path)
        except Exception:  # noqa: BLE001, S112  (a damaged font raises anything, and matplotlib's own list leaves it out too)
            continue


def _glyphs_of(family: str) -> frozenset[int]:
    regular = min(
        (entry for entry in fontManager.ttflist if entry.name == family and entry.style == "normal"),
        key=lambda entry: abs(_weight_of(entry) - _REGULAR),
        default=None,
    )
    try:
        return frozenset() if regular is None else frozenset(get_font(regular.fname).get_charmap())
    except Exception:  # noqa: BLE001  (likewise, if it was removed or damaged after matplotlib noted it)
        return frozenset()


def _weight_of(entry: FontEntry) -> int:
    return weight_dict.get(entry.weight, _REGULAR) if isinstance(entry.weight, str) else int(entry.weight)
