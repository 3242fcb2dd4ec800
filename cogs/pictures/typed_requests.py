"""Requests in a member's own words: braces may stand for several pictures, whose price is asked about first."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

import discord

from bot.defaults.defaults import Defaults
from bot.errors import InvalidRequest, StorageUnavailable
from bot.gateway.client import ImagineBot
from bot.generation.draft import ImagineDraft
from bot.i18n import _, ngettext
from bot.i18n.typed import half_width
from bot.picture.layers import Choices, Layered, layered
from bot.picture.origin import Origin
from bot.picture.price import Price, PriceOf
from bot.picture.request import PICTURES_MAX, Source
from bot.picture.size import Size, size_of
from bot.picture.style import NAME_MAX
from bot.styles.styles import Styles
from cogs.pictures.first_response import PictureStarter
from cogs.pictures.replies import Replies, delete_messages
from cogs.shared.access import Caller, ImagineInteraction, check_interaction, origin_of
from cogs.shared.answers import answer_first
from cogs.shared.confirm import Question
from cogs.shared.error_replies import errors_answered, sentence_for
from cogs.shared.plainer import Plainer
from cogs.ui.prices import price_words
from cogs.ui.text import shown_prompt

_COUNT: Final = re.compile(r"(?:^|[\s、。])count\s*:\s*(\d+)\s*$", re.IGNORECASE)
_STYLE: Final = re.compile(rf"(?:^|[\s,、。])style\s*:\s*([^:\n]{{1,{NAME_MAX}}})\s*$", re.IGNORECASE)
_PROMPT_SHOWN: Final = 100  # characters of each choice


class TypedRequests:
    """Starts what members type, wherever they do."""

    def __init__(
        self, starter: PictureStarter, replies: Replies, styles: Styles, price_of: PriceOf, defaults: Defaults
    ) -> None:
        self._starter = starter
        self._styles = styles
        self._replies = replies
        self._price_of = price_of
        self._defaults = defaults

    def choices(self, origin: Origin, typed: Choices, *, has_references: bool = False) -> Layered:
        """Return what a member typed for a new picture, over the defaults that apply to it."""
        layers = [(Source.TYPED, typed), *self._defaults.layers_for(origin)]
        own_style = self._defaults.of_member(origin.user_id).style
        return replace(layered(layers, has_references=has_references), default_style=own_style)

    async def start(self, interaction: ImagineInteraction, draft: ImagineDraft) -> None:
        """Start the pictures of a command or a form, or ask first; raise the reason if they are refused."""
        origin = origin_of(interaction)
        if interaction.type is not discord.InteractionType.application_command:  # which has options for it
            draft = self._with_endings(draft, origin)
        draft = draft.with_choices()
        if not draft.prompts:
            await self._starter.start(interaction, draft)
            return
        check_interaction(interaction)
        draft = await self._styles.applied(draft, origin)
        draft.check()
        question = self._question(interaction.user, draft)
        await ask(interaction, choices_text(draft.prompts, self._price_of_all(draft)), question)

    async def draw(self, caller: Caller, draft: ImagineDraft) -> UUID | None:
        """Start the pictures of a message, or ask first; return the id of the first, if it was reserved."""
        try:
            draft = self._with_endings(draft, caller.origin).with_choices()
            if draft.prompts:
                draft = await self._styles.applied(draft, caller.origin)
                draft.check()
        except (InvalidRequest, StorageUnavailable) as refusal:
            await self._replies.refuse(caller, sentence_for(refusal, "reading a prompt"))
            return None
        if not draft.prompts:
            return await self._replies.draw(caller, draft)
        text = choices_text(draft.prompts, self._price_of_all(draft))
        await self._replies.ask(caller, text, self._question(caller.user, draft))
        return None

    def _with_endings(self, draft: ImagineDraft, origin: Origin) -> ImagineDraft:
        """Return a draft without `count: 3` and `style: nora` at the end of its prompt, in that style and number.

        For members who have no style to choose from, a style is a word like any other.
        """
        counted = _counted(draft)
        found = _STYLE.search(half_width(counted.prompt))
        if found is None or not self._styles.names.usable(origin.user_id, origin.server_key):
            return counted
        name = counted.prompt[found.start(1) : found.end(1)].strip()
        styled = replace(counted, prompt=counted.prompt[: found.start()].rstrip(), style_name=name)
        return styled if counted is not draft else _counted(styled)

    def _price_of_all(self, draft: ImagineDraft) -> Price | None:
        """Return what all pictures cost together, or None if that isn't known."""
        references = draft.references or draft.style_references
        first = next((Size(each.width, each.height) for each in references), None)
        price = self._price_of(size_of(draft.params, first), draft.reference_count)
        return None if price is None else price * draft.count

    def _question(self, asked: discord.abc.User, draft: ImagineDraft) -> Question:
        label = ngettext("Make {count} picture", "Make {count} pictures", draft.count)
        return question(asked, label, partial(self._starter.start, draft=draft))


def question(asked: discord.abc.User, label: str, start: Callable[[ImagineInteraction], Awaitable[None]]) -> Question:
    """Return a question whose button starts something for the person who is asked, or tells them why not."""

    async def go_on(pressed: discord.Interaction[Any]) -> None:
        async with errors_answered(pressed):
            await start(pressed)

    return Question(asked.id, label, go_on, delete_messages)


async def ask(interaction: ImagineInteraction, words: str, question: Question) -> None:
    """Ask privately, at least in words."""
    plainer = Plainer()
    while True:
        with plainer:
            send = partial(interaction.response.send_message, words, view=plainer(question), ephemeral=True)
            answer: discord.InteractionCallbackResponse[ImagineBot] | None = await answer_first(interaction, send)
            break
    question.message = answer.resource if answer and isinstance(answer.resource, discord.Message) else None


def choices_text(prompts: Sequence[str], price: Price | None) -> str:
    """Return the question before the pictures of several choices are made."""
    listed = "\n".join(f"{number}. {shown_prompt(prompt, _PROMPT_SHOWN)}" for number, prompt in enumerate(prompts, 1))
    if price is None:
        asked = ngettext(
            "The braces stand for {count} picture, and each counts. Nothing was charged yet.",
            "The braces stand for {count} pictures, and each counts. Nothing was charged yet.",
            len(prompts),
        )
    else:
        asked = ngettext(
            "The braces stand for {count} picture: {price}. Nothing was charged yet.",
            "The braces stand for {count} pictures: {price} in all. Nothing was charged yet.",
            len(prompts),
            price=price_words(price),
        )
    return f"{asked}\n{listed}"


def _counted(draft: ImagineDraft) -> ImagineDraft:
    """Return a draft without the `count: 3` at the end of its prompt, for that many pictures."""
    found = _COUNT.search(half_width(draft.prompt))
    if found is None:
        return draft
    count = int(found[1])
    if not 1 <= count <= PICTURES_MAX:
        raise InvalidRequest(_("`count` can be from 1 to {most}. Nothing was charged.", most=PICTURES_MAX))
    return replace(draft, prompt=draft.prompt[: found.start()].rstrip()).counted(count)
