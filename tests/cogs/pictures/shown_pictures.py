"""Pictures to put on cards: with hardly a word of anybody's, and with the longest of everything."""

from datetime import timedelta
from uuid import uuid4

from bot.picture.formats import ImageFormat
from bot.picture.generation import Derivation, Generation, Parent, State
from bot.picture.origin import Origin
from bot.picture.params import SEED_LIMIT, FluxParams, OutputFormat
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX, ImagineRequest, Reference
from tests.bot.storage.examples import NOON, SNOWFLAKE

NO_WORDS = "1 2 3"


def drawn(prompt: str = NO_WORDS, *, references: int = 0, **changes: object) -> Generation:
    """Return a finished picture, with every option that has no words of its own."""
    reference = Reference(url=None, key="ab/abcd.png", format=ImageFormat.PNG, width=640, height=480)
    params = FluxParams(aspect_ratio="21:9", seed=-SEED_LIMIT, output_format=OutputFormat.WEBP)
    picture = Generation(
        id=uuid4(),
        request=ImagineRequest(
            prompt=prompt, params=params, references=(reference,) * references, private=False, spoiler=True
        ),
        origin=Origin(guild_id=SNOWFLAKE, channel_id=SNOWFLAKE, user_id=SNOWFLAKE, upload_limit_bytes=10_485_760),
        state=State.DELIVERED,
        created_at=NOON,
        finished_at=NOON + timedelta(days=9),
        message_id=SNOWFLAKE,
        credits=99_999,
        image_key="ef/ef01.webp",
        image_width=1008,
        image_height=432,
    )
    return picture.model_copy(update=changes)


def kept_private(picture: Generation) -> Generation:
    """Return a picture as one for its member only."""
    return picture.model_copy(update={"request": picture.request.model_copy(update={"private": True})})


def derived(derivation: Derivation, parent: Generation | None = None, **changes: object) -> Generation:
    """Return a picture that was made from another one."""
    made_from = parent or drawn()
    return drawn().model_copy(update={"parent": made_from.as_parent(derivation), **changes})


def relatives() -> list[Generation]:
    """Return a picture for each way to come from another one, and for each reason not to be linked."""
    return [
        *(derived(each) for each in Derivation),
        derived(Derivation.REROLL, deleted_at=NOON),
        kept_private(derived(Derivation.REROLL)),
        derived(Derivation.REROLL, message_channel_id=1),
        derived(Derivation.REROLL, message_id=None),
    ]


def longest(prompt: str = "*") -> Generation:
    """Return a picture with the longest prompt, the most references and the largest numbers."""
    parent = Parent(id=uuid4(), derivation=Derivation.EDIT, channel_id=SNOWFLAKE, message_id=SNOWFLAKE)
    return drawn(prompt * (PROMPT_MAX // len(prompt)), references=REFERENCES_MAX, parent=parent)
