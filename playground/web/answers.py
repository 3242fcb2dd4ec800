"""The immediate result of an action: a modal, a mark at a field, a notice, or nothing."""

import json
from collections.abc import Mapping, Sequence

from aiohttp import web

from playground.web.modals import ModalForm
from playground.web.reading import Reading
from playground.web.rendering import Renderer
from playground.web.viewer import PREFIX, Seat, Seats
from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError
from standins.discord.model.interactions import Interaction, NotAnsweredError
from standins.discord.payload import Payload

Refused = UnusableError | InvalidOptionError
_TRIGGER = "HX-Trigger"  # names an event for the form that was sent
_SENT = {_TRIGGER: "sent"}


class Answers:
    """Turns the bot's response to an interaction, or an error of the Discord client, into a response to the browser."""

    def __init__(self, renderer: Renderer, seats: Seats) -> None:
        self._renderer = renderer
        self._seats = seats

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the address to which modals are sent."""
        return [web.post(f"{PREFIX}/modals/{{interaction}}", self._submit)]

    async def after(self, seat: Seat, interaction: Interaction) -> web.Response:
        """Wait for the bot's first answer: a modal is shown; anything else, and that there is none, is in the channel.

        The submitted form gets `sent`, unless the bot was silent: then the text stays in the form.
        """
        try:
            await interaction.answered()
        except NotAnsweredError:
            seat.channel.platform.news.ring()
            return web.Response(status=204)
        if interaction.modal is None:
            return self.sent()
        form = ModalForm(interaction, interaction.modal)
        words, address = Reading(seat, self._seats).words, f"{seat.path}/modals/{interaction.id}"
        return self._fragments("modal.html", headers=_SENT, form=form, words=words, address=address)

    def sent(self) -> web.Response:
        """Return the response without a message: the form is done."""
        return web.Response(status=204, headers=_SENT)

    def refused(self, _: Seat, error: Refused) -> web.Response:
        """Return a notice of an action that the Discord client doesn't allow."""
        return self.notice(_sentence(str(error)))

    def marked(self, field: str | None, error: Refused | NotAnsweredError) -> web.Response:
        """Return a mark for the field of that name in the form that was sent, or for the form as a whole."""
        sentence = _sentence(error.why if isinstance(error, InvalidOptionError) else str(error))
        return web.Response(status=204, headers={_TRIGGER: json.dumps({"marked": {"field": field, "why": sentence}})})

    def notice(self, sentence: str) -> web.Response:
        """Return a sentence that is shown until it is closed."""
        return self._fragments("notice.html", sentence=sentence)

    def _fragments(self, template: str, *, headers: Mapping[str, str] | None = None, **values: object) -> web.Response:
        text = self._renderer.html(template, **values)
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _submit(self, request: web.Request) -> web.Response:
        seat = self._seats.of(request)
        opened_by, modal = _opened(seat, request.match_info["interaction"])
        form = ModalForm(opened_by, modal)
        try:
            submission = await seat.person.submits(opened_by, form.read(await request.post()))
            await submission.answered()
        except InvalidOptionError as error:
            return self.marked(form.called(error.option), error)
        except (UnusableError, NotAnsweredError) as error:
            return self.marked(None, error)
        return self.sent()


def _opened(seat: Seat, wanted: str) -> tuple[Interaction, Payload]:
    """Return the interaction with an id, and the modal that it opened before the person at this seat."""
    for interaction in seat.world.interactions.values():
        if str(interaction.id) == wanted and interaction.user is seat.user and interaction.modal is not None:
            return interaction, interaction.modal
    raise web.HTTPNotFound(text="That form is gone.")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
