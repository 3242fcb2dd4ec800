"""Discord, or an attacker in its name, sends events that no client would."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from standins.discord.gateway.gateway import Op
from standins.discord.model.interactions import InteractionType
from tests.depth import IS_NIGHTLY, cases
from tests.faults.fuzz import besieged
from tests.faults.hostile import BLOWS, Blow
from tests.faults.ledgers import Books
from tests.faults.well_formed import Scribe
from tests.journeys.answers import private_answer
from tests.promises import Attack, DiscordFault
from tests.stage import GENERATION, Stage

BATCH, BATCHES = 50, cases(100)  # 5,000 events at night
USUAL_SECONDS = 5.0  # of the processor, for a picture that the stand-in draws at once: others may keep the machine busy
# Enough for every entry point to be used at first; later rejections are cheap.
ALLOWED = {"server": {"images_per_hour": 20}, "member": {"images_per_hour": 20, "concurrent": 20}}
UNHURRIED = {**GENERATION, "poll_seconds": 0.2, "progress_seconds": 60}

pytestmark = [pytest.mark.shared_bot, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.mark.promise(Attack.HOSTILE_EVENTS)
@pytest.mark.timeout(600)  # a minute on a quiet machine, and many on a busy one
# Hypothesis suspects its strategies of using `random`; it is the bot that runs between two draws.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.own_bot
async def test_hostile_events_do_no_harm(stage: Stage, books: Books, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing breaks, pings, leaks or costs anything unrecorded; and then a picture comes as usual."""
    loop = asyncio.get_running_loop()
    async with (
        stage.running(allow_direct_messages=True, allow_user_install=True, limits=ALLOWED, generation=UNHURRIED),
        besieged(stage) as siege,
    ):

        def strike(blows: Sequence[Blow]) -> None:
            caplog.clear()
            asyncio.run_coroutine_threadsafe(siege.withstands(blows), loop).result()
            errors = [caplog.handler.format(each) for each in caplog.records if each.levelno >= logging.ERROR]
            assert errors + siege.wounds() == []

        await asyncio.to_thread(storm, strike)
        began_at = time.process_time()
        await stage.picture(await stage.imagine("a calm sea"))
        assert time.process_time() - began_at < USUAL_SECONDS
        written = await books.closed(within=60)
    assert sum(each.credits or 0 for each in written) == stage.apiframe.charged
    assert [each for each in written if each.parent and each.parent.id in siege.vault_ids] == []


@pytest.mark.promise(DiscordFault.EVENT_INVALID)
@pytest.mark.own_bot
async def test_an_event_that_cannot_be_parsed_does_not_end_the_connection(stage: Stage, books: Books) -> None:
    """discord.py gives up at the first one; the bot ignores it and handles the next event."""
    async with stage.running():
        [session] = stage.discord.gateway.connected
        for name in ("INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "GUILD_ROLE_CREATE"):
            session.tell(name, {"id": ["boat"]})
        await stage.picture(await stage.imagine())
        await books.closed()
    assert stage.discord.gateway.received[Op.IDENTIFY] == 1


@pytest.mark.promise(DiscordFault.INTERACTION_TWICE)
async def test_an_interaction_that_is_told_twice_is_drawn_once(stage: Stage, books: Books) -> None:
    """However often an event is repeated, nobody pays for a second picture that they didn't request."""
    async with stage.running():
        interaction = await stage.imagine()
        [session] = stage.discord.gateway.connected
        session.tell("INTERACTION_CREATE", interaction.payload())
        await stage.picture(interaction)
        assert len(await books.closed()) == 1


@pytest.mark.promise(Attack.FOREIGN_IDS)
async def test_a_die_acts_on_no_picture_of_another_server(stage: Stage, books: Books) -> None:
    """A forged reaction elsewhere that names a message of this server draws nothing."""
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    lair, mallory = elsewhere.add_channel("lair"), stage.discord.person(elsewhere.add_member("mallory"))
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
        [session] = stage.discord.gateway.connected
        session.tell("MESSAGE_REACTION_ADD", Scribe(stage.discord.world, mallory.user, lair).reaction(picture))
        await stage.picture(await mallory.types("/imagine", lair, prompt="a lair"))  # by then, that one was handled
        assert len(await books.closed()) == 2


async def test_a_mention_where_nobody_knows_who_may_draws_nothing(stage: Stage, books: Books) -> None:
    """In a channel that the bot knows nothing of, there is nothing to check, and so nothing is spent."""
    async with stage.running():
        [session] = stage.discord.gateway.connected
        scribe = Scribe(stage.discord.world, stage.alice.user, stage.channel)
        picture = await stage.picture(await stage.imagine())
        session.tell("MESSAGE_CREATE", scribe.mention(picture) | {"channel_id": "7"})
        await stage.picture(await stage.imagine())  # by then, that one was handled
        assert len(await books.closed()) == 2


@pytest.mark.promise(Attack.HOSTILE_OPTIONS)
@pytest.mark.parametrize("prompt", ["", "a" * 2_001, 7, ["a boat"]], ids=["empty", "long", "a number", "a list"])
async def test_what_no_client_lets_through_is_refused(stage: Stage, books: Books, prompt: object) -> None:
    """An option of the wrong kind or out of bounds gets a private sentence, and nothing is spent."""
    async with stage.running():
        imagine = stage.discord.world.commands.named("imagine", stage.guild.id)
        option = {"name": "prompt", "type": 3, "value": prompt}
        body = {"id": str(imagine.id), "name": "imagine", "type": 1, "options": [option]}
        world, alice = stage.discord.world, stage.alice.user
        interaction = world.interact(InteractionType.COMMAND, alice, stage.channel, body)
        answer = await private_answer(stage, interaction)
        assert await books.all() == []
    assert "has changed" in answer.content


def storm(strike: Callable[[Sequence[Blow]], None]) -> None:
    """Strike with batches of drawn blows, the same ones in each run of the gate.

    They are not shrunk: what one batch leaves behind is what the next one meets.
    """

    @settings(
        max_examples=BATCHES,
        phases=[Phase.generate],
        derandomize=not IS_NIGHTLY,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(BLOWS, min_size=BATCH, max_size=BATCH))
    def in_batches(blows: list[Blow]) -> None:
        strike(blows)

    in_batches()
