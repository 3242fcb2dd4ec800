"""Messages as a person reads them."""

from typing import Any

from playground.markdown.names import Names
from playground.terminal.cards import Button, Card, Picture, Words, card_of, plain_lines, typed_words
from playground.terminal.markdown import Reader

READER = Reader(Names({}, {}, {}), 0.0)
AUTHOR = {"global_name": None, "username": "Imagine"}
EMPTY: dict[str, Any] = {"author": AUTHOR, "flags": 0, "content": "", "components": [], "attachments": []}


def test_a_card_is_read_from_top_to_bottom() -> None:
    """Words, pictures and buttons come in their order, wherever they are nested, with the bar's colour."""
    medium = {"url": "https://cdn/x", "attachment_id": "7", "width": 640, "height": 480}
    inside = [
        {"type": 10, "content": "**a boat**"},
        {"type": 12, "items": [{"media": medium, "description": "a boat at dawn"}]},
        {"type": 14},
        {"type": 9, "components": [{"type": 10, "content": "more"}], "accessory": {"type": 2, "label": "Again"}},
        {"type": 1, "components": [{"type": 2, "label": None, "emoji": {"name": "🎲"}}]},
    ]
    components = [{"type": 17, "accent_color": 0x3BA55D, "components": inside}]
    card = card_of(EMPTY | {"components": components, "attachments": [{"id": "7", "filename": "boat.webp"}]})
    picture = Picture("boat.webp", 640, 480, "a boat at dawn")
    assert card.parts == (Words("**a boat**"), picture, Words("more"), Button("Again"), Button("🎲"))
    assert (card.author, card.colour, card.has_picture, card.is_refusal) == ("Imagine", 0x3BA55D, True, False)
    assert [line for part in card.parts for line in plain_lines(part, READER)] == [
        "a boat",
        "[picture] boat.webp · 640 × 480 · alt text: a boat at dawn",
        "more",
        "[button] Again",
        "[button] 🎲",
    ]


def test_a_private_answer_and_a_red_card_are_refusals() -> None:
    """Both end the wait for a picture; a card in another colour does not, nor does a bot that thinks."""
    private = card_of(EMPTY | {"flags": 64, "content": "No."})
    assert private == Card("Imagine", (Words("No."),), None, private=True)
    red, blue = (
        card_of(EMPTY | {"components": [{"type": 17, "accent_color": colour, "components": []}]})
        for colour in (0xED4245, 0x5865F2)
    )
    assert (private.is_refusal, red.is_refusal, blue.is_refusal) == (True, True, False)
    assert not card_of(EMPTY | {"flags": 64 | 128}).is_refusal


def test_a_bare_sentence_in_public_is_a_refusal() -> None:
    """A reaction that isn't allowed gets a short public reply."""
    assert card_of(EMPTY | {"content": "Not here."}).is_refusal


def test_a_bot_that_thinks_is_seen_thinking() -> None:
    """A deferred response isn't an empty message."""
    [part] = card_of(EMPTY | {"flags": 128}).parts
    assert plain_lines(part, READER) == ["is thinking…"]


def test_a_command_is_shown_as_it_was_typed() -> None:
    """Choices go by their labels, and files by their names."""
    choices = [{"name": "2 MP", "value": "2"}]
    registered = {"options": [{"name": "prompt"}, {"name": "resolution", "choices": choices}, {"name": "image1"}]}
    options = [("prompt", "a boat"), ("resolution", "2"), ("image1", "7")]
    command = {
        "name": "imagine",
        "options": [{"name": name, "value": value} for name, value in options],
        "resolved": {"attachments": {"7": {"filename": "photo.jpg"}}},
    }
    assert typed_words(command, registered).plain == "/imagine prompt: a boat resolution: 2 MP image1: photo.jpg"
