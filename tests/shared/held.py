"""A context that is entered and left by different tasks."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """Enters a context in a task of its own, and leaves it there: a fixture begins and ends in different tasks."""

    def __init__(self, context: AbstractAsyncContextManager[T]) -> None:
        self._entered: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._leaving = asyncio.Event()
        self._task = asyncio.create_task(self._hold(context), name="held context")

    async def value(self) -> T:
        """Return what the context gives, once it is entered; raise what keeps it from being entered."""
        return await asyncio.shield(self._entered)

    async def close(self) -> None:
        """Leave the context, and raise what that raises."""
        self._leaving.set()
        await self._task

    async def _hold(self, context: AbstractAsyncContextManager[T]) -> None:
        try:
            async with context as value:
                self._entered.set_result(value)
                await self._leaving.wait()
        except BaseException as cause:
            if self._entered.done():
                raise
            self._entered.set_exception(cause)
