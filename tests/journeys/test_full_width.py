"""A member with a Japanese keyboard, which types full-width colons, braces, digits and letters unless asked not to."""

from tests.images import photo
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_choices import prompts_of
from tests.journeys.test_limits_form import card_of, opened
from tests.journeys.test_replies import edit, first_picture, name, prompts
from tests.journeys.test_several import shows
from tests.stage import Stage, text_of


async def test_choices_and_a_count_are_read_in_full_width(stage: Stage) -> None:
    """Everything else in the prompt is ordered as it was typed."""
    async with stage.running():
        question = await private_answer(stage, await stage.imagine("｛赤｜青｝の船：夜！"))
        press = await stage.alice.presses(question, "Make 2 pictures")
        await press.answered()
        await stage.settled()
        await shows(stage, press.original, "2 of 2")
        await stage.alice.sends(stage.channel, f"{name(stage)}　緑の船、ｃｏｕｎｔ：２")
        await stage.discord.world.until(lambda: len(stage.orders()) == 4)
        await stage.settled()
    assert prompts_of(stage) == sorted(["赤の船：夜！", "青の船：夜！", "緑の船", "緑の船"])


async def test_replies_edit_and_undo_in_full_width(stage: Stage) -> None:
    async with stage.running():
        first = await first_picture(stage)
        second = await edit(stage, first, "ｅｄｉｔ：夜、星：たくさん")
        await stage.alice.sends(stage.channel, "ｕｎｄｏ。", reply_to=second)
        await stage.discord.world.until(lambda: len(stage.pictures()) == 3)
    assert prompts(stage) == ["a boat", "夜、星：たくさん"]


async def test_a_style_is_made_and_used_in_full_width(stage: Stage) -> None:
    """Its words, notes and name, and the ratio of a picture."""
    async with stage.running():
        made = await private_answer(
            stage,
            await stage.alice.types(
                "/style create",
                stage.channel,
                name="のら",
                frame="水彩画：｛prompt｝",
                notes="前から；横から",
                image1=photo("a.png"),
                image2=photo("b.png"),
            ),
        )
        assert "1. 前から\n2. 横から" in text_of(made)
        await stage.alice.sends(stage.channel, f"{name(stage)}　船　style：のら")
        await stage.show_pictures(1)
        await stage.settled()
        await stage.picture(await stage.imagine("海", aspect_ratio="１６：９"))
        await stage.settled()
    ratios = {order["prompt"]: order["fluxParams"].get("aspect_ratio") for order in stage.orders()}
    assert ratios == {"水彩画：船": None, "海": "16:9"}


async def test_moderators_type_figures_and_times_in_full_width(stage: Stage) -> None:
    moderator = moderator_of(stage)
    bob = stage.joins("bob")
    async with stage.running():
        form = await opened(moderator, await card_of(stage, moderator))
        answer = await private_answer(stage, await moderator.submits(form, {"Credits in 30 days": "１，０００"}))
        assert "Credits in 30 days: not set →\u00a0**1,000**" in text_of(answer)
        assert "blocked, ends <t:" in await say(stage, moderator, "/limits block", member=bob, until="２ｈ")
        assert "I don't understand that time" in await say(
            stage, moderator, "/limits block", member=bob, until="２時間"
        )
