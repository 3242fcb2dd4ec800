"""How a database goes about the statements that some code executes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event


@contextmanager
def plans_noted(kind: str = "") -> Iterator[list[str]]:
    """Yield a list that gets a line for each statement of a kind, such as SELECT, until the block ends."""
    plans: list[str] = []

    def explain(
        connection: Connection, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object
    ) -> None:
        if statement.startswith(kind) and not statement.startswith("EXPLAIN"):
            explained = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
            lines = connection.exec_driver_sql(f"{explained} {statement}", parameters)
            plans.append("; ".join(line[-1] for line in lines))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
