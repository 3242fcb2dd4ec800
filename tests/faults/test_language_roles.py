"""Each message has its language whichever process writes it: a worker never connects to Discord's gateway."""

import pytest

from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from tests.faults.machine import SLOW, Machine
from tests.faults.test_roles import KILLED, WITHIN, starts_gateway, starts_worker
from tests.journeys.languages import label_in, said
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_languages import speaker
from tests.journeys.test_review_endings import OVERDUE
from tests.journeys.test_reviewing import cards_in, reviewed
from tests.promises import ProcessFault
from tests.stage import Stage, has_picture, text_of

pytestmark = [
    pytest.mark.english,
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
SOME = "\0"
SLOWLY = {"GENERATION__CONCURRENCY": "1", "LIMITS__MEMBER__CONCURRENT": "100"}


def community(stage: Stage, locale: str = "ja") -> Person:
    """Turn the server into a community with a language, and return a member who reads German."""
    stage.discord.world.make_community(stage.guild, locale)
    return speaker(stage, "anna", "de")


async def audit_log(stage: Stage) -> Channel:
    """Make a moderator choose a channel for the audit log."""
    log = stage.guild.add_channel("log")
    await say(stage, moderator_of(stage), "/limits log", channel=log)
    return log


async def reads(machine: Machine, message: Message, locale: str, words: str, **values: object) -> None:
    """Wait until a message has a text in a language; values that are `SOME` can be anything."""
    parts = said(locale, words, **values).split(SOME)
    await machine.until(lambda: all(part in text_of(message) for part in parts), WITHIN)


async def logged(machine: Machine, log: Channel, words: str) -> None:
    await machine.until(lambda: any(words in text_of(each) for each in log.messages.values()), WITHIN)


async def in_review(machine: Machine, channel: Channel, moderator: Person, title: str) -> Message:
    """Wait until one request waits in the review channel, and return its card once the bot knows it."""
    await machine.until(lambda: any(each.buttons for each in cards_in(channel, moderator)), WITHIN)
    await machine.books.reviews_settled(WITHIN)
    [card] = [each for each in cards_in(channel, moderator) if each.buttons]
    assert title in text_of(card)
    return card


@pytest.mark.promise(ProcessFault.ROLES)
@pytest.mark.parametrize("private", [True, False])
async def test_a_worker_asks_moderators_in_the_language_of_their_community(
    stage: Stage, machine: Machine, *, private: bool
) -> None:
    """Also about a private picture, whose own card is in its member's; a changed language applies to the decision."""
    await starts_worker(machine)
    await starts_gateway(machine)
    anna = community(stage)
    moderator, channel = await reviewed(stage)
    interaction = await stage.imagine_as(anna, "a red boat", private=private)
    card = await in_review(machine, channel, moderator, said("ja", "**Post this picture?**"))
    label_in("ja", card, "Approve")
    waiting = interaction.original
    assert waiting is not None
    own = "de" if private else "ja"
    await reads(machine, waiting, own, "Waiting for a moderator. Without a decision, it's rejected {when}.", when=SOME)
    stage.discord.world.make_community(stage.guild, "fr")
    await moderator.presses(card, label_in("ja", card, "Approve"))
    await reads(machine, card, "fr", "✅ **Approved** by {moderator} {when}", moderator=SOME, when=SOME)
    await machine.until(lambda: has_picture(waiting), WITHIN)
    label_in(own, waiting, "Publish" if private else "Reroll")


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_worker_writes_the_audit_log_in_the_language_of_the_community(
    stage: Stage, machine: Machine, database_url: str
) -> None:
    """That a deadline decided, which happens while no gateway runs; members read of it on their card."""
    await starts_worker(machine)
    gateway = await starts_gateway(machine)
    anna, log = community(stage), await audit_log(stage)
    moderator, channel = await reviewed(stage)
    interaction = await stage.imagine_as(anna, "a red boat")
    await in_review(machine, channel, moderator, said("ja", "**Post this picture?**"))
    gateway.kill()
    assert await gateway.ended() == KILLED
    stage.database_url = database_url
    stage.change(OVERDUE)
    await starts_worker(machine)
    ended = "⌛ Nobody reviewed a request of {member} in time, so it was rejected."
    await logged(machine, log, said("ja", ended, member=f"<@{anna.id}>"))
    assert interaction.original is not None
    rejected = "**No moderator reviewed this request in time,** so it was rejected."
    await reads(machine, interaction.original, "ja", rejected)


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_worker_that_takes_over_keeps_the_language_of_each_picture(stage: Stage, machine: Machine) -> None:
    """From the queue to the picture, with no gateway and after a SIGKILL: public cards in one, private in another."""
    stage.apiframe.pace = SLOW
    doomed, gateway = await starts_worker(machine, **SLOWLY), await starts_gateway(machine, **SLOWLY)
    anna = community(stage)
    public = (await stage.imagine_as(anna, "a boat", count=2)).original
    await stage.apiframe.until(stage.jobs, WITHIN)
    private = (await stage.imagine_as(anna, "a barn", private=True)).original
    failing = (await stage.imagine_as(anna, "contraband")).original
    assert public is not None
    assert private is not None
    assert failing is not None
    for process in (gateway, doomed):
        process.kill()
        assert await process.ended() == KILLED
    stage.discord.world.make_community(stage.guild, "fr")
    await starts_worker(machine, **SLOWLY)
    await reads(machine, private, "de", "In queue: #{position}", position=2)
    await reads(machine, failing, "ja", "In queue: #{position}", position=3)
    for jobs in (2, 3, 4):
        stage.clock.wind(SLOW.drawing)
        await machine.until(lambda expected=jobs: len(stage.jobs()) == expected, WITHIN)  # type: ignore[misc]
    stage.clock.wind(SLOW.drawing)
    await machine.books.closed(WITHIN)
    label_in("ja", public, "Reroll all")
    label_in("de", private, "Publish")
    label_in("ja", failing, "Edit the prompt")
    await reads(
        machine, failing, "ja", "**The model refused this prompt** because it seems to break the content rules."
    )


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_worker_writes_to_a_member_directly_in_their_language(stage: Stage, machine: Machine) -> None:
    """The card of the private picture can't be edited any more, an hour later."""
    stage.apiframe.pace = SLOW
    await starts_worker(machine)
    gateway = await starts_gateway(machine)
    anna = community(stage)
    talk = anna.opens_direct_messages()
    await stage.imagine_as(anna, "a boat", private=True)
    await stage.apiframe.until(stage.jobs, WITHIN)
    gateway.kill()
    await gateway.ended()
    stage.clock.wind(3600)
    await machine.until(lambda: any(map(has_picture, talk.messages_for(anna))), WITHIN)
    sent = next(filter(has_picture, talk.messages_for(anna)))
    label_in("de", sent, "Reroll")


@pytest.mark.promise(ProcessFault.ROLES)
async def test_a_gateway_knows_the_language_of_a_community_before_it_connects(stage: Stage, machine: Machine) -> None:
    """It looks for used budgets and due summaries at its start, which is before it's connected."""
    await starts_worker(machine)
    gateway = await starts_gateway(machine)
    anna, log = community(stage), await audit_log(stage)
    await say(stage, moderator_of(stage), "/limits server", images_per_day=1)
    await stage.imagine_as(anna, "a boat")
    await machine.books.closed(WITHIN)
    assert await gateway.stops(within=30) == 0
    stage.discord.faults.next("GET", "/gateway*", delay=5.0)
    await starts_gateway(machine)
    used = said("ja", "💰 {limit}: the server's limit is used up ({used} of {allowed}).", limit=SOME, used=1, allowed=1)
    await logged(machine, log, used.partition(SOME)[2])
