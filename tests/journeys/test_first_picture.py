"""The member who types a prompt."""

from tests.stage import Stage, text_of


async def test_a_prompt_becomes_a_picture_in_the_place_of_its_card(stage: Stage) -> None:
    """One command makes one order and one message, which is first a card and then the picture."""
    async with stage.running():
        interaction = await stage.imagine("a red boat at dawn")
        card = interaction.original
        picture = await stage.picture(interaction)
    assert card is picture
    assert stage.pictures() == [picture]
    [order] = stage.orders()
    seed = order["fluxParams"]["seed"]
    assert order == {"prompt": "a red boat at dawn", "model": "flux-2-max", "fluxParams": {"seed": seed}}
    assert 0 <= seed < 2**31
    assert f"seed `{seed}`" in text_of(picture)
    assert f"<@{stage.alice.user.id}>" in text_of(picture)
