"""The placeholders of messages, which translations may reorder and leave out, but not rename."""

from string import Formatter


def placeholders_in(message: str) -> set[str]:
    """Return the placeholders of a message with their formats, such as `count:,`; raise `ValueError` for a mistake."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(message):
        if name is not None:
            found.add(name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else ""))
    return found


def names_in(message: str) -> set[str]:
    """Return the names of a message's placeholders; raise `ValueError` for a mistake."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}
