"""The operations that Discord has and its stand-in doesn't: each says so."""

from collections.abc import Callable, Iterable, Iterator

from standins.discord.errors import Refusal
from standins.discord.rest.calls import Answer, Call, Route
from standins.discord.rest.documented import METHODS_OF


def not_imitated(imitated: Iterable[Route]) -> Iterator[Route]:
    """Yield a route that answers 501 for each documented operation that is not among these."""
    known = {(route.method, route.template) for route in imitated}
    for template, methods in METHODS_OF.items():
        for method in methods.split():
            if (method, template) not in known:
                yield Route(method, template, _refusing(method, template), needs_token=False, reads_body=False)


def _refusing(method: str, template: str) -> Callable[[Call], Answer]:
    def refuse(_: Call) -> Answer:
        raise Refusal(501, 0, f"501: {method} {template} is not imitated here")

    return refuse
