"""Every language in which cards have to fit: ours, and one that is 40 % longer than English."""

from gettext import NullTranslations
from typing import Final

import pytest

from bot.i18n.languages import Languages
from bot.i18n.locales import LOCALES
from tests.pseudo import PseudoLanguage

_SHIPPED: Final = Languages.load()
CATALOGUES: Final[dict[str, NullTranslations]] = {"English": NullTranslations(), "longer": PseudoLanguage()} | {
    name: _SHIPPED.of(code) for code, name in LOCALES.items() if name in _SHIPPED.names and name != "en"
}
in_every_language = pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES.keys())
