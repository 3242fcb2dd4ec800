"""The member whose picture goes through a bad day of Apiframe's: it arrives late, or a card says why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
import structlog

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from tests.faults.ledgers import Books, first_true
from tests.promises import ApiframeFault
from tests.stage import GENERATION, TIMEOUT_SECONDS, Stage, has_picture, is_private, text_of

pytestmark = pytest.mark.shared_bot

PASSING = [
    Fault(Kind.RATE_LIMITED, route="generate", seconds=0.3),
    Fault(Kind.RATE_LIMITED, route="job", seconds=0.3),
    Fault(Kind.RATE_LIMITED, route="generate", seconds=0.3, dated=True),
    Fault(Kind.PROXY_PAGE, route="generate", status=403),
    Fault(Kind.PROXY_PAGE, route="generate", status=401),
    Fault(Kind.PROXY_PAGE, route="generate", status=522),
    Fault(Kind.PROXY_PAGE, route="job", status=404),
    Fault(Kind.SERVER_ERROR, route="generate", status=408),
    Fault(Kind.SERVER_ERROR, route="generate", status=425),
    Fault(Kind.SERVER_ERROR, route="job", status=409),
    Fault(Kind.SERVER_ERROR, route="generate", status=500),
    Fault(Kind.SERVER_ERROR, route="generate", status=503, times=2),
    Fault(Kind.SERVER_ERROR, route="job", status=502),
    Fault(Kind.UNKNOWN_JOB, times=2),
    Fault(Kind.HTML, route="generate"),
    Fault(Kind.HTML, route="job"),
    Fault(Kind.LOST_REQUEST, route="generate"),
    Fault(Kind.LOST_REQUEST, route="job"),
    Fault(Kind.LOST_ANSWER, route="generate"),
    Fault(Kind.LOST_ANSWER, route="job"),
    Fault(Kind.UNKNOWN_STATUS, times=2),
    Fault(Kind.EXTRA_FIELDS, times=None),
    Fault(Kind.STRANGE_FIELDS, times=None),
    Fault(Kind.SLOW, seconds=0.5),
    Fault(Kind.THREE_IMAGES),
    Fault(Kind.BARE_RESULT),
    Fault(Kind.MISSING),
    Fault(Kind.CUT_OFF),
    Fault(Kind.WRONG_CONTENT),
]


def named(fault: Fault) -> str:
    return f"{fault.kind.value} {fault.status} {fault.route or ''} x{fault.times}{' dated' if fault.dated else ''}"


@pytest.mark.promise(
    ApiframeFault.RATE_LIMITED,
    ApiframeFault.SERVER_ERROR,
    ApiframeFault.ORDER_INTERRUPTED,
    ApiframeFault.PROXY_PAGE,
    ApiframeFault.RETRYABLE_STATUS,
    ApiframeFault.ODD_FIELDS,
    ApiframeFault.UNKNOWN_JOB,
    ApiframeFault.UNKNOWN_STATUS,
    ApiframeFault.ODD_RESULT,
    ApiframeFault.DAMAGED_PICTURE,
    ApiframeFault.NOT_THERE_YET,
)
@pytest.mark.matrix
@pytest.mark.parametrize("fault", PASSING, ids=named)
async def test_what_passes_delays_the_picture_and_nothing_else(stage: Stage, fault: Fault) -> None:
    """One job, charged once, and one picture in its card's place, whatever came in between."""
    stage.apiframe.faults.arm(fault)
    async with stage.running():
        interaction = await stage.imagine()
        picture = await stage.picture(interaction)
    assert stage.channel.messages_for(stage.alice) == [picture]
    [job] = stage.jobs()
    assert stage.apiframe.charged == job.cost


@pytest.mark.promise(ApiframeFault.SLOW_DOWNLOAD)
@pytest.mark.own_bot
async def test_a_picture_that_drips_in_holds_nobody_up(stage: Stage) -> None:
    """While one is fetched for minutes, the next is asked for and posted; the slow one comes once it is whole."""
    stage.apiframe.faults.arm(Fault(Kind.DRIPPING, seconds=600))
    async with stage.running():
        slow = await stage.imagine("a slow boat")
        await stage.shows("Almost done…")
        await stage.picture(await stage.imagine("a quick boat"))
        assert not has_picture(slow.original)
        stage.clock.wind(600)
        await stage.picture(slow)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(Kind.RATE_LIMITED, route="generate", seconds=0.5), "is busy. I'll keep trying until <t:"),
        (
            Fault(Kind.SERVER_ERROR, route="generate"),
            "isn't responding. You keep your place and won't be charged. I'll",
        ),
        (Fault(Kind.LOST_ANSWER, route="generate"), "isn't responding. I'll keep trying until <t:"),
    ],
    ids=["rate limited", "down", "answer lost"],
)
async def test_the_card_says_what_it_waits_for(stage: Stage, fault: Fault, words: str) -> None:
    """A pause is explained while it lasts, with the moment until which the bot keeps trying."""
    stage.apiframe.faults.arm(fault)
    async with stage.running():
        interaction = await stage.imagine()
        await stage.shows(words)
        await stage.picture(interaction)


@dataclass(frozen=True)
class Ending:
    """A fault that ends in a card with a reason; `counts` says whether the picture uses the member's limits up."""

    words: tuple[str, ...]
    counts: bool
    fault: Fault | None = None
    settings: Mapping[str, float] = field(default_factory=dict)


NOT_CHARGED = "Nothing was charged."
CHARGED = "It cost 7 credits."
NOT_COUNTED = "counts against your limits only if"
ENDINGS = {
    "policy": Ending(("refused this prompt", "content rules", NOT_CHARGED), counts=False, fault=Fault(Kind.POLICY)),
    "model failure": Ending(
        ("couldn't make this picture", "failed to produce an output", NOT_CHARGED),
        counts=False,
        fault=Fault(Kind.MODEL_FAILURE),
    ),
    "out of credits": Ending(
        ("out of credits", "Credits needed: 7. Credits left: 6.", NOT_CHARGED),
        counts=False,
        fault=Fault(Kind.OUT_OF_CREDITS),
    ),
    "down for good": Ending(
        ("couldn't reach the image service", NOT_CHARGED),
        counts=False,
        fault=Fault(Kind.SERVER_ERROR, route="generate", times=None),
        settings={"submit_timeout_seconds": 0.3},
    ),
    "rate limited for longer than we wait": Ending(
        ("too busy", NOT_CHARGED),
        counts=False,
        fault=Fault(Kind.RATE_LIMITED, route="generate", seconds=60),
        settings={"submit_timeout_seconds": 0.3},
    ),
    "hang": Ending(
        ("took too long", NOT_COUNTED), counts=False, fault=Fault(Kind.HANG), settings={"job_timeout_seconds": 0.3}
    ),
    "expired": Ending(("picture has expired", CHARGED), counts=True, fault=Fault(Kind.EXPIRED)),
    "never there": Ending(
        ("picture has expired", CHARGED),
        counts=True,
        fault=Fault(Kind.MISSING, times=None),
        settings={"fetch_timeout_seconds": 0.3},
    ),
    "always cut off": Ending(
        ("file was damaged", CHARGED),
        counts=True,
        fault=Fault(Kind.CUT_OFF, times=None),
        settings={"fetch_timeout_seconds": 0.3},
    ),
    "dripping": Ending(
        ("file was damaged", CHARGED),
        counts=True,
        fault=Fault(Kind.DRIPPING, seconds=24 * 3600),
        settings={"fetch_timeout_seconds": 0.3},
    ),
    "no images": Ending(("file was damaged", CHARGED), counts=True, fault=Fault(Kind.NO_IMAGES)),
}


@pytest.mark.promise(
    ApiframeFault.DOWN_TOO_LONG,
    ApiframeFault.ENDLESS_JOB,
    ApiframeFault.ODD_RESULT,
    ApiframeFault.SLOW_DOWNLOAD,
    ApiframeFault.DAMAGED_PICTURE,
    ApiframeFault.EXPIRED_PICTURE,
    ApiframeFault.JOB_FAILED,
)
@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.own_bot
async def test_what_does_not_pass_is_explained_in_its_own_words(stage: Stage, ending: Ending) -> None:
    """The card turns into the reason and the cost, with a button where it says to try again.

    The limits count the picture if, and only if, it was made and charged.
    """
    if ending.fault is not None:
        stage.apiframe.faults.arm(ending.fault)
    one_a_day = {"member": {"images_per_hour": 5, "images_per_day": 1, "concurrent": 5}}
    async with stage.running(generation={**GENERATION, **ending.settings}, limits=one_a_day):
        interaction = await stage.imagine()
        reason = await stage.shows(ending.words[0])
        assert reason is interaction.original
        assert all(words in text_of(reason) for words in ending.words)
        labels = [button.get("label") for button in reason.buttons]
        assert "ry again" not in text_of(reason) or "Try again" in labels
        assert stage.channel.messages_for(stage.alice) == [reason]
    stage.apiframe.faults.disarm()
    async with stage.running(limits=one_a_day):  # as patient as before
        again = await stage.imagine()
        assert again.original is not None
        assert is_private(again.original) is ending.counts
        if not ending.counts:
            await stage.picture(again)


@pytest.mark.promise(ApiframeFault.KEY_REJECTED)
@pytest.mark.own_bot
async def test_a_key_that_is_refused_while_the_model_draws_loses_no_picture(stage: Stage) -> None:
    """The order is paid for: the bot keeps polling until the operator has fixed the key, and then posts the picture."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=5.0)
    async with stage.running():
        interaction = await stage.imagine()
        await stage.shows("Drawing")
        stage.apiframe.account.key_active = False
        stage.clock.wind(6)
        await stage.apiframe.until(lambda: stage.jobs()[0].finished)
        stage.apiframe.account.key_active = True
        await stage.picture(interaction)
    assert len(stage.jobs()) == 1


@pytest.mark.promise(ApiframeFault.KEY_REJECTED)
@pytest.mark.parametrize("refusal", ["401", "403"])
@pytest.mark.own_bot
async def test_a_refused_key_is_the_operators_affair(stage: Stage, refusal: str) -> None:
    """The member reads that only the operator can fix it, and the log names the setting; nobody sees the key."""
    if refusal == "403":
        stage.apiframe.account.key_active = False
    key = "afk_mistyped" if refusal == "401" else stage.apiframe.api_key
    with structlog.testing.capture_logs() as log:
        async with stage.running(apiframe_api_key=key):
            await stage.imagine()
            reason = await stage.shows("rejected the bot's API key")
    assert NOT_CHARGED in text_of(reason)
    assert any("APIFRAME_API_KEY" in str(line.get("remedy")) for line in log)
    assert key not in text_of(reason)
    assert key not in str(log)
    assert stage.jobs() == []


@pytest.mark.promise(ApiframeFault.FORBIDDEN)
async def test_what_apiframe_says_of_a_refusal_is_quoted(stage: Stage) -> None:
    """A good key may still not be allowed to make images: the member and the log have Apiframe's own words."""
    stage.apiframe.account.may_make_images = False
    with structlog.testing.capture_logs() as log:
        async with stage.running():
            await stage.imagine()
            reason = await stage.shows("Image generation is disabled for your team")
    assert NOT_CHARGED in text_of(reason)
    assert any(line.get("says") == "Image generation is disabled for your team" for line in log)


@pytest.mark.promise(ApiframeFault.PROXY_PAGE)
async def test_a_page_of_a_proxy_is_an_outage(stage: Stage) -> None:
    """For any HTML of a proxy, no message says that the key was rejected, and nothing is charged."""
    stage.apiframe.faults.arm(Fault(Kind.PROXY_PAGE, status=403, times=None))
    with structlog.testing.capture_logs() as log:
        async with stage.running(generation={**GENERATION, "submit_timeout_seconds": 0.3}):
            await stage.imagine()
            reason = await stage.shows("couldn't reach the image service")
    assert NOT_CHARGED in text_of(reason)
    assert "apiframe_key_refused" not in str(log)


@pytest.mark.promise(ApiframeFault.OUT_OF_CREDITS)
async def test_empty_pockets_are_told_to_the_operator(stage: Stage) -> None:
    """Without credits the operator's log has both figures, and no job exists."""
    stage.apiframe.account.credits = 3
    with structlog.testing.capture_logs() as log:
        async with stage.running():
            await stage.imagine()
            reason = await stage.shows("out of credits")
    assert "Credits needed: 7. Credits left: 3." in text_of(reason)
    [line] = [line for line in log if line["event"] == "apiframe_out_of_credits"]
    assert (line["required"], line["available"]) == (7, 3)
    assert stage.jobs() == []


@pytest.mark.promise(ApiframeFault.LATE_JOB, ApiframeFault.UNKNOWN_JOB)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("faults", [[], [Fault(Kind.UNKNOWN_JOB, times=None)]], ids=["drawn", "unknown"])
@pytest.mark.own_bot
async def test_a_picture_that_took_too_long_and_was_drawn_is_booked(
    stage: Stage, books: Books, faults: Sequence[Fault]
) -> None:
    """A charge after the timeout is in the ledger once the bot has checked again."""
    stage.apiframe.pace = Pace(queued=0, drawing=60)
    stage.apiframe.faults.armed += faults
    async with stage.running(generation={**GENERATION, "job_timeout_seconds": 0.3}):
        await stage.imagine()
        await stage.shows("took too long")
        await books.closed()
    stage.apiframe.faults.disarm()
    stage.clock.wind(60)
    await stage.apiframe.until(lambda: stage.jobs()[0].finished)
    async with stage.running():
        await first_true(lambda: priced(books), TIMEOUT_SECONDS)
    [generation] = await books.all()
    assert generation.credits == stage.apiframe.charged > 0


async def priced(books: Books) -> bool:
    return all(each.credits is not None for each in await books.all())
