"""⋯ More: the actions for which a picture's row has no room, shown to the person who asked for them."""

from discord import ui

from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.price import PriceOf
from cogs.pictures.delete import may_delete
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import say
from cogs.shared.picture_buttons import button_rows
from cogs.ui.notes import note
from cogs.ui.picture_buttons import chosen_buttons, more_buttons
from cogs.ui.prices import larger_price_words
from cogs.ui.text import shown_prompt

_PROMPT_SHOWN = 100


class More:
    """Shows the other actions on a picture."""

    def __init__(self, price_of: PriceOf) -> None:
        self._price_of = price_of

    async def show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Answer privately with the actions that this member may take on the picture."""
        await say(interaction, more_card(generation, self._price_of, may_delete=may_delete(interaction, generation)))

    async def choose(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Answer privately with the buttons of one of several pictures that share a card."""
        deletable = may_delete(interaction, generation)
        await say(interaction, chosen_of_batch_card(generation, self._price_of, may_delete=deletable))


def chosen_of_batch_card(generation: Generation, price_of: PriceOf, *, may_delete: bool) -> ui.LayoutView:
    """Return the card with every button of a picture that shares a card with others."""
    place = 1 if generation.batch is None else generation.batch.place
    words = "\n-# ".join([_("**Picture {place}**", place=place), *larger_price_words(generation, price_of)])
    return note(words, button_rows(generation, chosen_buttons(generation, may_delete=may_delete)))


def more_card(generation: Generation, price_of: PriceOf, *, may_delete: bool) -> ui.LayoutView:
    """Return the card with the actions."""
    prompt = shown_prompt(generation.request.prompt, _PROMPT_SHOWN)
    words = _("What do you want to do with **{prompt}**?", prompt=prompt)
    if generation.request.private:
        words = "\n-# ".join([words, *larger_price_words(generation, price_of)])
    return note(words, button_rows(generation, more_buttons(generation, may_delete=may_delete)))
