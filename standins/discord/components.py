"""The tree of components that a message or a modal is made of, walked in one place."""

from collections.abc import Iterable, Iterator

from standins.discord.payload import Payload


def walk(components: Iterable[Payload]) -> Iterator[Payload]:
    """Yield every component of a tree, parents first, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        yield from walk(component[key] for key in ("accessory", "component") if key in component)


def texts_of(components: Iterable[Payload]) -> list[str]:
    """Return what the text displays of a tree say, in reading order."""
    return [str(part["content"]) for part in walk(components) if "content" in part]
