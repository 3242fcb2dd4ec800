"""A panel of switches in the control panel: the faults of one side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic

from aiohttp import web
from markupsafe import Markup

from playground.web.control_panel.forms import SettingForm, read_form
from playground.web.control_panel.switches import F, Setting, Switchboard
from playground.web.live import Region
from playground.web.rendering import Renderer
from playground.web.viewer import Seat


class SwitchPanel(Generic[F]):
    """The switches of the stand-in that is called `side` on the page."""

    def __init__(self, renderer: Renderer, side: str, board: Switchboard[F], changed: Callable[[], None]) -> None:
        self._renderer = renderer
        self._side = side
        self._board: Switchboard[F] = board
        self._changed = changed
        self._id = f"{side.lower()}-faults"
        self._address = f"/curtain/{self._id}"

    @property
    def count_on(self) -> int:
        """How many switches are not off."""
        return sum(setting is not Setting.OFF for _, setting in self._board.settings())

    def set(self, slug: str, setting: Setting) -> None:
        """Set a switch; KeyError if there is none of that name."""
        self._board.set(slug, setting)
        self._changed()

    def regions(self) -> Mapping[str, Region]:
        """Return what changes by itself."""
        return {self._id: self._html}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the switches lead."""
        return [web.post(self._address, self._all_off), web.post(f"{self._address}/{{switch}}", self._set)]

    def _html(self, _: Seat) -> Markup:
        return self._renderer.html(
            "curtain-faults.html",
            id=self._id,
            side=self._side,
            address=self._address,
            switches=self._board.settings(),
            count_on=self.count_on,
        )

    async def _set(self, request: web.Request) -> web.Response:
        form = await read_form(request, SettingForm)
        try:
            self.set(request.match_info["switch"], form.setting)
        except KeyError:
            raise web.HTTPNotFound(text="There is no such switch.") from None
        return web.Response(status=204)

    async def _all_off(self, _: web.Request) -> web.Response:
        self._board.all_off()
        self._changed()
        return web.Response(status=204)
