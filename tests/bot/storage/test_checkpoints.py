"""The operator whose SQLite file is written all the time."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.engine import Database, parse_database_url

ROW_BYTES, LEAST_ROWS, MOST_ROWS = 20_000, 2_000, 50_000


async def test_the_write_ahead_log_does_not_grow_forever(tmp_path: Path) -> None:
    """While rows are written without a pause, the log is moved into the file and begun again."""
    file = tmp_path / "imagine.db"
    database = Database(parse_database_url(f"sqlite:///{file}"))
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (x BLOB)")))
    insert = text("INSERT INTO t VALUES (zeroblob(:bytes))").bindparams(bytes=ROW_BYTES)
    log = file.with_name("imagine.db-wal")
    for rows in range(1, MOST_ROWS):
        await database.write(lambda connection: connection.execute(insert))
        if rows > LEAST_ROWS and rows * ROW_BYTES > 2 * log.stat().st_size:
            break
    else:
        pytest.fail(f"the log has {log.stat().st_size} bytes")
    await database.close()
    assert file.stat().st_size > rows * ROW_BYTES
