"""A fault, and the bot's promise for it."""

from enum import Enum


class Fault(Enum):
    """Something that can go wrong. A test shows that the promise is kept with `@pytest.mark.promise(fault)`."""

    def __init__(self, fault: str, promise: str) -> None:
        self.fault = fault
        self.promise = promise
