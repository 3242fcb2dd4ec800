"""Generations to keep: a bare one, and one that has everything."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

from pydantic import SecretStr

from bot.limits.prices import duration_key_of
from bot.picture.failure import Failure, FailureKind
from bot.picture.formats import ImageFormat
from bot.picture.generation import Generation, State
from bot.picture.origin import InteractionAnswer, Origin
from bot.picture.params import FluxParams, OutputFormat, Resolution
from bot.picture.request import ImagineRequest, Reference, Source
from bot.picture.style_use import StyleUse
from bot.storage.ledger import LedgerStore

NOON = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
SNOWFLAKE = 2**63 - 1  # the largest id that Discord could ever give
EXECUTOR = "shards-all"


def origin(user_id: int = 7, guild_id: int | None = 42) -> Origin:
    return Origin(guild_id=guild_id, channel_id=11, user_id=user_id, upload_limit_bytes=10_485_760)


def bare(state: State = State.RESERVED, created_at: datetime = NOON) -> Generation:
    """Return a generation with nothing but what every one has."""
    request = ImagineRequest(prompt="a red boat")
    return Generation(id=uuid4(), request=request, origin=origin(), state=state, created_at=created_at)


def complete() -> Generation:
    """Return a generation in which nothing is left out."""
    reference = Reference(
        url="https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3",
        key="ab/abcd.png",
        format=ImageFormat.PNG,
        width=640,
        height=480,
    )
    params = FluxParams(
        aspect_ratio="16:9",
        resolution=Resolution.TWO_MP,
        seed=-(2**53) + 1,
        output_format=OutputFormat.WEBP,
        output_quality=80,
    )
    answer = InteractionAnswer(
        application_id=SNOWFLAKE, token=SecretStr("a token"), expires_at=NOON + timedelta(minutes=15)
    )
    return Generation(
        id=UUID("01234567-89ab-cdef-0123-456789abcdef"),
        request=ImagineRequest(
            prompt="ein Boot im Morgenrot \U0001f6a3 'quoted' \\ \n second line",
            params=params,
            references=(reference, reference.model_copy(update={"key": "cd/cdef.png"})),
            style=StyleUse(id=3, version=2, name="Nora", frame="oil: {prompt}", images=1),
            sources={"aspect_ratio": Source.MEMBER, "output_format": Source.SERVER},
        ),
        origin=Origin(
            guild_id=SNOWFLAKE, channel_id=SNOWFLAKE, user_id=SNOWFLAKE, upload_limit_bytes=524_288_000, answer=answer
        ),
        state=State.FAILED,
        created_at=NOON,
        usual_seconds=12.5,
        card_id=SNOWFLAKE,
        message_id=SNOWFLAKE - 1,
        message_channel_id=SNOWFLAKE - 2,
        job_id="0b5e6c9e-8f4b-4a53-9f4e-2f3f3f3f3f3f",
        submitted_at=NOON + timedelta(seconds=1),
        order_body='{"prompt": "ein Boot im Morgenrot", "model": "flux-2-max"}',
        delivery_began_at=NOON + timedelta(seconds=2),
        finished_at=NOON + timedelta(seconds=3),
        credits=13,
        result_url="https://cdn.apiframe.ai/results/1/0.webp?signature=x",
        image_key="ef/ef01.webp",
        failure=Failure(
            kind=FailureKind.OUT_OF_CREDITS, reason="why", credits_required=7, credits_available=6, reference="0a1b2c3d"
        ),
    )


async def written(books: LedgerStore, generation: Generation, executor: str = EXECUTOR) -> Generation:
    """Write a generation down as it is, and return it."""
    duration_key = duration_key_of(generation.request)
    await books.transact(
        generation.origin.server_key,
        lambda transaction: transaction.write(
            [generation], duration_key=duration_key, credits_reserved=10, executor=executor
        ),
    )
    return generation
