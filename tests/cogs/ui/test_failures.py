"""Each kind of failure has its own message, with its cost and the next step."""

import pytest

from bot.picture.failure import Failure, FailureKind
from cogs.ui.failures import failure_text
from cogs.ui.text import SENTENCE_MAX, plain

SERVICE_SAYS = "bad `prompt` from <@42>"
QUOTED = {
    *(FailureKind.KEY_REFUSED, FailureKind.REQUEST_REFUSED, FailureKind.REFERENCE_LOST, FailureKind.MODEL_FAILED),
    FailureKind.REJECTED,
}


def test_every_kind_has_words_of_its_own() -> None:
    sentences = {failure_text(Failure(kind=kind), 0) for kind in FailureKind}
    assert len(sentences) == len(FailureKind)


@pytest.mark.parametrize("kind", FailureKind)
def test_each_says_what_it_cost(kind: FailureKind) -> None:
    """Nothing, so much, or that it is not known yet: three sentences that cannot be taken for each other."""
    failure = Failure(kind=kind)
    free, priced, unknown = (failure_text(failure, charged) for charged in (0, 17, None))
    assert "17 credits" in priced
    assert "17" not in free + unknown
    assert "Nothing was charged" in free
    assert "Nothing was charged" not in priced + unknown


@pytest.mark.parametrize("kind", FailureKind)
def test_the_service_s_words_are_quoted_only_where_they_help(kind: FailureKind) -> None:
    """On a line of their own, and harmless."""
    sentence = failure_text(Failure(kind=kind, reason=SERVICE_SAYS), 0)
    assert (f"\n> {plain(SERVICE_SAYS)}" in sentence) is (kind in QUOTED)
    assert "<@42>" not in sentence


def test_missing_credits_are_shown_as_two_figures() -> None:
    """And none of them while one is not known."""
    known = Failure(kind=FailureKind.OUT_OF_CREDITS, credits_required=41, credits_available=13)
    assert {"41", "13"} <= set(failure_text(known, 0).replace(".", "").split())
    unknown = failure_text(known.model_copy(update={"credits_available": None}), 0)
    assert "41" not in unknown


def test_a_fault_of_ours_has_a_number_to_quote() -> None:
    assert "`4f2a`" in failure_text(Failure(kind=FailureKind.BROKEN, reference="4f2a"), None)


@pytest.mark.parametrize("kind", FailureKind)
def test_each_fits_into_a_message(kind: FailureKind) -> None:
    failure = Failure(kind=kind, reference="4f2a", credits_required=10**6, credits_available=10**6)
    assert len(failure_text(failure, None)) <= SENTENCE_MAX
