"""The border to Discord's gateway: an event that makes no sense ends here, and the connection goes on."""

from collections import deque
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final

import structlog

from bot.gateway.event_schemas import EVENT_SCHEMAS, InteractionPayload, is_well_formed, with_channel
from bot.gateway.undocumented import Parse

log = structlog.get_logger(__name__)

_REMEMBERED: Final = 1000  # interactions, of which a second telling would cost a second picture
_CAUSE_SHOWN: Final = 200  # characters


class EventGuard:
    """Filters events between the gateway and discord.py, which gives up permanently if it can't parse one.

    An event is handled within `entering`, which gets its name and JSON: all tasks that discord.py starts for the event
    speak the languages that were entered there. `as_in_code` names the command of an interaction as the code does.
    """

    def __init__(
        self,
        entering: Callable[[str, object], AbstractContextManager[None]] | None = None,
        as_in_code: Callable[[object], object] = lambda event: event,
    ) -> None:
        self._entering = entering or (lambda _name, _event: nullcontext())
        self._as_in_code = as_in_code
        self._met: deque[str] = deque(maxlen=_REMEMBERED)

    def guard(self, parsers: MutableMapping[str, Parse]) -> None:
        """Put a guard before discord.py's parser of each event but READY, without which nothing could go on."""
        for name, parse in parsers.items():
            if name != "READY":
                parsers[name] = self._guarded(name, parse)

    def _guarded(self, name: str, parse: Parse) -> Parse:
        model = EVENT_SCHEMAS.get(name)

        def let_in(event: object) -> None:
            try:
                if model is not None:
                    event = (
                        with_channel(is_well_formed(event)) if model is InteractionPayload else is_well_formed(event)
                    )
                    checked = model.model_validate(event)
                    if isinstance(checked, InteractionPayload):
                        if not self._is_new(checked):
                            return
                        event = self._as_in_code(event)
                with self._entering(name, event):
                    parse(event)
            except Exception as cause:  # noqa: BLE001  (no error of one event may end the connection)
                log.warning("event_invalid", name=name, cause=repr(cause)[:_CAUSE_SHOWN])

        return let_in

    def _is_new(self, interaction: InteractionPayload) -> bool:
        if interaction.id in self._met:
            log.info("duplicate_interaction", id=interaction.id)
            return False
        self._met.append(interaction.id)
        return True
