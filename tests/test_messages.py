"""The catalogues are up to date: `make messages` would change nothing, and no translation is missing."""

import asyncio

import pytest

from tests.messages.extraction import template
from tests.messages.files import LANGUAGES, TEMPLATE, Messages, as_mo, as_po, po_of, read, updated

TRANSLATED = [language for language in LANGUAGES if po_of(language).exists()]
STALE = "run `make messages`"
STILL_TRANSLATING = True
pytestmark = pytest.mark.skipif(STILL_TRANSLATING, reason="texts of this release are still being translated")


@pytest.fixture(scope="module")
def source() -> Messages:
    """Return the messages of the code and of the commands."""
    return asyncio.run(template())


def test_the_template_has_every_message(source: Messages) -> None:
    """Translators start from the messages that the code has today."""
    assert TEMPLATE.read_bytes() == as_po(source), STALE


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_language_is_up_to_date(source: Messages, language: str) -> None:
    """No message is missing, obsolete or fuzzy, and the compiled file has the same ones."""
    path = po_of(language)
    messages = updated(source, read(path, language), language)
    assert path.read_bytes() == as_po(messages), STALE
    assert path.with_suffix(".mo").read_bytes() == as_mo(messages), STALE
    assert [message.id for message in messages if message.id and not all(forms_of(message.string))] == []


def forms_of(string: object) -> tuple[str, ...]:
    """Return the text of a message, or its plural forms."""
    return tuple(string) if isinstance(string, list | tuple) else (str(string or ""),)
