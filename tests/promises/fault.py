"""A fault, and what the bot promises when it occurs."""

from enum import Enum


class Fault(Enum):
    """Something that can go wrong. A test shows that the promise is kept with `@pytest.mark.promise(fault)`."""

    def __init__(self, fault: str, promise: str) -> None:
        self.fault = fault
        self.promise = promise
