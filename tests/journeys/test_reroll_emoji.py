"""`REROLL_EMOJI`: each notation of an emoji, by the operator and by Discord, means the same one."""

import pytest

from tests.stage import Stage

DIE = 1234567890123456789


@pytest.mark.parametrize(
    ("configured", "put"),
    [
        ("♻", "♻️"),
        ("♻️", "♻"),
        (f"<:die:{DIE}>", f"renamed:{DIE}"),
        (f"<a:die:{DIE}>", f"a:die:{DIE}"),
        (f"<:die:{DIE}>", f"a:die:{DIE}"),
        (f"<a:die:{DIE}>", f"die:{DIE}"),
    ],
)
async def test_an_emoji_is_known_in_every_spelling(stage: Stage, configured: str, put: str) -> None:
    """U+FE0F, a new name or an animation do not make another emoji of it."""
    async with stage.running(reroll_emoji=["🎲", configured]):
        picture = await stage.picture(await stage.imagine())
        await stage.alice.reacts(picture, put)
        await stage.show_pictures(2)


@pytest.mark.parametrize("configured", [f"<:die:{DIE}>", f"<a:die:{DIE}>", f"die:{DIE}"])
async def test_a_custom_emoji_is_put_below_pictures_by_its_id(stage: Stage, configured: str) -> None:
    """The bot's invitation is the emoji that was configured, and pressing it rerolls."""
    async with stage.running(reroll_emoji=[configured]):
        picture = await stage.picture(await stage.imagine())
        await stage.discord.world.until(lambda: picture.reactions)
        [reaction] = picture.payload()["reactions"]
        assert (reaction["emoji"]["id"], reaction["emoji"]["name"], reaction["me"]) == (str(DIE), "die", True)
        await stage.alice.reacts(picture, next(iter(picture.reactions)))
        await stage.show_pictures(2)


async def test_another_custom_emoji_of_the_same_name_does_nothing(stage: Stage) -> None:
    """Only the id counts."""
    async with stage.running(reroll_emoji=[f"<:die:{DIE}>"]):
        picture = await stage.picture(await stage.imagine())
        await stage.alice.reacts(picture, f"die:{DIE + 1}")
        await stage.picture(await stage.imagine())
    assert len(stage.orders()) == 2
