"""The member who reads why there is no picture: each sentence is whole, and can be translated."""

from collections.abc import Callable
from itertools import product

import discord
import pytest
from discord import app_commands

from bot.alerts.alert import Alert, AlertMessage
from bot.apiframe import errors as apiframe
from bot.errors import NotServing, StorageUnavailable, UserFacingError
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.generation.library import PictureNotSavedYet, PictureUnknown
from bot.i18n import _, language
from bot.images import references
from bot.images.decoding import NotDecodable, TooManyPixels
from bot.images.references import Attachment
from bot.picture.origin import NOBODY
from bot.picture.params import SEED_LIMIT, FluxParams
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX
from bot.settings import Settings
from cogs.pictures.message_words import more_files
from cogs.shared.access import check_place
from cogs.shared.command_permissions import CommandNotAllowed, check_may_post
from cogs.shared.confirm import Question
from cogs.shared.error_replies import sentence_for
from cogs.shared.picture_buttons import TooSlow
from cogs.ui.operator_alerts import alert_text
from cogs.ui.text import SENTENCE_MAX, few, person
from tests.bot.storage.examples import NOON, complete
from tests.pseudo import PseudoLanguage, untranslated

ATTACHMENT = Attachment("image3", "https://cdn.discordapp.com/1", 1)
TOO_LARGE = Attachment("image3", "https://cdn.discordapp.com/1", 10**9)
REFERENCE = complete().request.references[0]


def chosen(**options: object) -> Callable[[], object]:
    return lambda: FluxParams.chosen(**options)


REFUSED: dict[str, Callable[[], object]] = {
    "ratio": chosen(aspect_ratio="abc"),
    "extreme ratio": chosen(aspect_ratio="9:1"),
    "not a choice": chosen(resolution="9", output_format="bmp"),
    "out of bounds": chosen(seed=SEED_LIMIT + 1),
    "one side": chosen(width=512),
    "custom without size": chosen(aspect_ratio="custom"),
    "size and ratio": chosen(width=512, height=512, aspect_ratio="1:1"),
    "size and resolution": chosen(width=512, height=512, resolution="1"),
    "no prompt": lambda: ImagineDraft(" ").check(),
    "prompt too long by one": lambda: ImagineDraft("a" * (PROMPT_MAX + 1)).check(),
    "prompt too long": lambda: ImagineDraft("a" * 9999).check(),
    "too many references": lambda: ImagineDraft("a", references=(REFERENCE,) * (REFERENCES_MAX + 1)).check(),
    "too many images": lambda: ImagineDraft("a", attachments=[ATTACHMENT] * (REFERENCES_MAX + 1)).check(),
    "nothing to follow": lambda: ImagineDraft("a", FluxParams(aspect_ratio="match_input_image")).check(),
    "direct message": lambda: check_place(Settings(), None),
    "no permissions": lambda: check_may_post(discord.Permissions.none(), None),
}
RAISED: dict[str, Callable[[], UserFacingError]] = {
    each.__name__: each for each in (PictureUnknown, PictureNotSavedYet, CommandNotAllowed, TooSlow)
}
COMPLAINTS: list[apiframe.DownloadError | NotDecodable] = [
    apiframe.NotAnImage(),
    apiframe.TooLarge(25_000_000),
    apiframe.DownloadError(),
    TooManyPixels(20_000, 12_000, 100_000_000),
    NotDecodable("torn"),
]


class Anything(app_commands.Transformer):
    """Takes no value."""


def sentence_of(refuse: Callable[[], object]) -> str:
    """Return the sentence with which something is refused."""
    with pytest.raises(UserFacingError) as refused:
        refuse()
    return str(refused.value)


@pytest.mark.parametrize("refuse", REFUSED.values(), ids=REFUSED)
def test_a_refused_request_can_be_translated(refuse: Callable[[], object]) -> None:
    with language(PseudoLanguage()):
        sentence = sentence_of(refuse)
    assert untranslated(sentence) == ""
    assert len(sentence) <= SENTENCE_MAX
    assert sentence_of(refuse) != sentence


@pytest.mark.parametrize("kind", RAISED.values(), ids=RAISED)
def test_a_refused_action_can_be_translated(kind: Callable[[], UserFacingError]) -> None:
    with language(PseudoLanguage()):
        assert untranslated(str(kind())) == ""
    assert "⟦" not in str(kind())


def test_an_outage_of_the_storage_is_read_in_the_language_of_the_reader() -> None:
    """Not in the one of the task that ran into it."""
    outage = StorageUnavailable("disk full")
    with language(PseudoLanguage()):
        assert untranslated(str(outage)) == ""


@pytest.mark.parametrize("cause", COMPLAINTS, ids=lambda cause: type(cause).__name__)
@pytest.mark.parametrize("count", [1, REFERENCES_MAX])
def test_refused_images_can_be_translated(cause: apiframe.DownloadError | NotDecodable, count: int) -> None:
    """One or all of them: each has its sentence and its name."""
    with language(PseudoLanguage()):
        complaints = [references._complaint(ATTACHMENT, cause), references._declared_complaint(TOO_LARGE) or ""]
        sentence = sentence_of(lambda: references._raise_together(complaints * count))
    assert untranslated(sentence) == ""
    assert sentence.count("`image3`") == 2 * count
    assert len(sentence) <= SENTENCE_MAX


@pytest.mark.parametrize("message", [references._KEPT_NO_MORE, references._OUT_OF_REACH])
def test_a_reference_that_is_gone_is_named_by_its_number(message: str) -> None:
    with language(PseudoLanguage()):
        assert untranslated(_(message, number=8)) == ""


@pytest.mark.parametrize(
    "error",
    [
        app_commands.CommandNotFound("imagine", []),
        DeliveryUnavailable("503"),
        RuntimeError("nobody foresaw this"),
        OSError(28, "No space left on device"),
        NotServing("⟦a sentence⟧"),
        app_commands.TransformerError("<@42> **abc**", discord.AppCommandOptionType.string, Anything()),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_has_a_sentence_that_can_be_translated(error: Exception) -> None:
    with language(PseudoLanguage()):
        sentence = sentence_for(error, "testing")
    assert untranslated(sentence) == ""
    assert "<@42>" not in sentence


@pytest.mark.parametrize(("alert", "resolved"), product(Alert, (False, True)))
def test_every_alert_can_be_translated(alert: Alert, resolved: bool) -> None:
    """In one message, also in a longer language."""
    with language(PseudoLanguage()):
        text = alert_text(AlertMessage(alert, resolved=resolved, since=NOON, credits_left=1, detail="0" * 64))
    assert untranslated(text) == ""
    assert len(text) <= SENTENCE_MAX


def test_lists_and_deleted_users_can_be_translated() -> None:
    with language(PseudoLanguage()):
        assert untranslated(few(["1", "2", "3", "4"], more_files)) == ""
        assert untranslated(person(NOBODY)) == ""


async def test_a_question_can_be_cancelled_in_every_language() -> None:
    async def nothing(__: object) -> None: ...

    with language(PseudoLanguage()):
        question = Question(1, "⟦go on⟧", nothing, nothing)
    labels = [item.label or "" for item in question.children if isinstance(item, discord.ui.Button)]
    assert [untranslated(label) for label in labels] == ["", ""]
    assert all(len(label) <= 80 for label in labels)
