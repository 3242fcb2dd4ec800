"""The member or moderator who reads another language: everything is translated, and fits with all settings."""

from collections.abc import Iterable
from gettext import NullTranslations

import pytest
from discord import ui

from bot.errors import UserFacingError
from bot.i18n import language
from bot.i18n.catalogue import Catalogue, Key, in_context
from bot.i18n.locale_names import LOCALE_NAMES
from bot.limits.moderation import UNDO_OF, Moderation
from bot.limits.policy import Limit, Scope
from bot.limits.rulebook import Change
from bot.storage.engine import Database
from cogs.limits.ceilings import check_ceilings
from cogs.limits.change_text import change_lines, command_words
from cogs.limits.form import _figures
from cogs.shared.moderators import NotAModerator
from cogs.ui.amounts import at_most
from cogs.ui.text import CARD_TEXT_MAX, SENTENCE_MAX
from tests.bot.limits.counting import Watch, ledger_of, moderation_of
from tests.cogs.limits.examples import OPERATOR, cards, forms, payload_of, sentences, texts_of
from tests.languages import CATALOGUES, in_every_language
from tests.pseudo import PseudoLanguage, unmarked, untranslated

BOUNDS = {"label": 80, "title": 45, "description": 1024, "placeholder": 100, "content": CARD_TEXT_MAX}
FIELD_BOUNDS = {"label": 45, "title": 45, "description": 100, "placeholder": 100, "content": 2000}


def errors() -> list[str]:
    """Return the error messages for invalid figures."""
    said: list[str] = [str(NotAModerator())]
    for scope in (Scope.EVERYONE, Scope.SERVER):
        too_much = dict.fromkeys(Limit, 10**9) | {Limit.COOLDOWN: 1}
        for attempt in (
            lambda: check_ceilings(OPERATOR, scope, too_much),  # noqa: B023  (called at once)
            lambda: _figures(dict.fromkeys(Limit, "9999999 9999999"), OPERATOR, scope),  # noqa: B023
        ):
            try:
                attempt()
            except UserFacingError as error:
                said.append(str(error))
    return said


def outside(texts: Iterable[str]) -> dict[str, str]:
    """Return the words that stand outside of every message, but for a last line that was cut, which has no end.

    Languages have the same names everywhere.
    """
    shown = set(texts) - set(LOCALE_NAMES.values())
    whole = {text: text.rpartition("\n")[0] if text.endswith("…") else text for text in shown}
    return {text: words for text, kept in whole.items() if (words := untranslated(kept))}


@pytest.fixture
def moderation(database: Database) -> Moderation:
    """The moderation of an operator whose maximums are the largest possible ones."""
    return moderation_of(database, Watch(), ledger_of(database, Watch(), member=OPERATOR.member))


async def test_every_card_and_form_is_translated(moderation: Moderation) -> None:
    """Nothing but figures, mentions and people's own words stands outside of a message."""
    with language(PseudoLanguage()):
        shown = [(name, text) for card in cards() for name, text in texts_of(payload_of(card))]
        shown += [(name, text) for form in forms(moderation) for name, text in texts_of(form.to_dict())]
    assert outside([text for _, text in shown]) == {}
    assert len(shown) > 100


def test_every_sentence_is_translated() -> None:
    with language(PseudoLanguage()):
        said = [*sentences(), *errors()]
    assert outside(said) == {}
    assert len(set(said)) > 50


@in_every_language
def test_every_card_fits_into_discords_bounds(catalogue: NullTranslations) -> None:
    """With the most that can be set, and texts that are 40 % longer."""
    with language(catalogue):
        for card in cards():
            texts = [(name, unmarked(text)) for name, text in texts_of(payload_of(card))]
            assert sum(len(text) for name, text in texts if name == "content") <= CARD_TEXT_MAX
            assert all(len(text) <= BOUNDS[name] for name, text in texts)
            parts = list(card.walk_children())
            assert len(parts) <= 40
            assert all(len(row.children) <= 5 for row in parts if isinstance(row, ui.ActionRow))


@in_every_language
async def test_every_form_fits_into_discords_bounds(catalogue: NullTranslations, moderation: Moderation) -> None:
    with language(catalogue):
        for form in forms(moderation):
            too_long = [(name, text) for name, text in texts_of(form.to_dict()) if len(text) > FIELD_BOUNDS[name]]
            assert too_long == []
            assert len(form.children) <= 5


@in_every_language
def test_every_sentence_fits_into_a_message(catalogue: NullTranslations) -> None:
    """Also when it's longer than in English; what stands on a card may be twice as long."""
    with language(catalogue):
        assert max(map(len, [*sentences(), *errors()])) <= CARD_TEXT_MAX
        assert max(map(len, errors())) <= SENTENCE_MAX


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("es", "Galería: desactivada · Registro de auditoría: desactivado"),
        ("fr", "Vitrine : désactivée · Journal d’audit : désactivé"),
        ("pt_BR", "Vitrine: desativada · Registro de auditoria: desativado"),
        ("de", "Galerie: aus · Audit-Log: aus"),
    ],
)
def test_off_has_the_gender_of_what_is_off(name: str, shown: str) -> None:
    turned_on = [
        Change(path=("showcase",), before=None, after={"channel_id": 1, "stars": 3}),
        Change(path=("log_channel_id",), before=None, after=1),
    ]
    with language(CATALOGUES[name]):
        lines = change_lines(turned_on).replace("\u00a0", " ").splitlines()
    assert " · ".join(line.partition(" → ")[0] for line in lines) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("es", "Imágenes por día: ninguna · Créditos en 30 días: ninguno"),
        ("fr", "Images par jour : aucune · Crédits sur 30 jours : aucun"),
        ("pt_BR", "Imagens por dia: nenhuma · Créditos em 30 dias: nenhum"),
    ],
)
def test_a_limit_of_nothing_has_the_gender_of_what_it_counts(name: str, shown: str) -> None:
    with language(CATALOGUES[name]):
        limits = (Limit.IMAGES_PER_DAY, Limit.CREDITS_PER_MONTH)
        assert " · ".join(at_most(limit, 0).replace("\u00a0", " ") for limit in limits) == shown
        assert at_most(Limit.COOLDOWN, 0).endswith("0")


def test_the_audit_log_names_commands_as_clients_show_them() -> None:
    """The name in the code is stored, so an older entry follows a new translation, or the operator's new name."""
    names: dict[Key, str] = {in_context("command", "limits"): "grenzen", in_context("command", "show"): "zeigen"}
    with language(Catalogue(names)):
        assert command_words("/limits show") == "/grenzen zeigen"
        assert command_words(f"{UNDO_OF}/limits show") == "Undo of /grenzen zeigen"
    assert command_words("/limits show") == "/limits show"
