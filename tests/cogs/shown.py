"""The texts of a card or a form, taken from the JSON for Discord, and Discord's bounds for them."""

from collections.abc import Iterator
from typing import Any

from discord import ui

from tests.pseudo import untranslated

ROW = 1
FORMATS = {"MP", "jpg", "png", "webp", "image", "Imagine", "imagine"}
"""Words that are the same in every language: units, file formats, and the names of commands and options."""
_TEXTS = ("content", "label", "placeholder", "description", "title")
_BOUNDS = {"placeholder": 150, "title": 45}  # Discord's, in characters
_LABELS = {2: 80, 18: 45}  # of a button, and of a field in a form
_OPTION_MAX, _ALT_MAX, _DESCRIPTION_MAX = 100, 1024, 100


def json_of(shown: ui.LayoutView | ui.Modal) -> dict[str, Any]:
    """Return a view or a form as JSON."""
    if isinstance(shown, ui.Modal):
        return shown.to_dict()
    return {"components": [part.to_component_dict() for part in shown.children]}


def walk(part: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  (JSON)
    """Yield every object within some JSON."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from walk(inner)


def texts_of(shown: ui.LayoutView | ui.Modal) -> list[str]:
    """Return everything that people read on a card or in a form, except their own words."""
    return [part[name] for part in walk(json_of(shown)) for name in _TEXTS if isinstance(part.get(name), str)]


def words_left_in_english(*texts: str) -> set[str]:
    """Return the words of texts that no message of the pseudo-language has, but for those of every language."""
    return {word for text in texts for word in untranslated(text).split()} - FORMATS


def check_bounds(shown: ui.LayoutView | ui.Modal) -> None:
    """Fail where Discord would refuse a card or a form for its length or its number of parts."""
    parts = list(walk(json_of(shown)))
    components = [part for part in parts if "type" in part]
    assert len(components) <= 40
    assert sum(len(part["content"]) for part in parts if "content" in part) <= 4000
    for part in parts:
        if part.get("type") == ROW:
            assert 1 <= len(part["components"]) <= 5
        for name, most in _BOUNDS.items():
            assert len(part.get(name) or "") <= most, part
        if isinstance(part.get("label"), str):
            assert 1 <= len(part["label"]) <= _LABELS.get(part.get("type", 0), _OPTION_MAX), part
        most = _ALT_MAX if "media" in part else _DESCRIPTION_MAX
        assert len(part.get("description") or "") <= most, part
        assert len(part.get("options") or ()) <= 25
        assert len(part.get("items") or ()) <= 10
        assert len(part.get("custom_id") or "") <= 100
    if isinstance(shown, ui.Modal):
        assert 1 <= len(json_of(shown)["components"]) <= 5
