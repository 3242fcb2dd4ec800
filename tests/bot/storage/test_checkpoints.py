"""The operator whose SQLite file is written all the time."""

from pathlib import Path

from sqlalchemy import text

from bot.storage.engine import Database, parse_database_url

ROWS, ROW_BYTES, LOG_BYTES = 4000, 20_000, 60e6


async def test_the_write_ahead_log_does_not_grow_forever(tmp_path: Path) -> None:
    """While rows are written without a pause, the log is moved into the file and begun again."""
    file = tmp_path / "imagine.db"
    database = Database(parse_database_url(f"sqlite:///{file}"))
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (x BLOB)")))
    insert = text("INSERT INTO t VALUES (zeroblob(:bytes))").bindparams(bytes=ROW_BYTES)
    for _ in range(ROWS):
        await database.write(lambda connection: connection.execute(insert))
    assert ROWS * ROW_BYTES > LOG_BYTES > file.with_name("imagine.db-wal").stat().st_size
    await database.close()
    assert file.stat().st_size > ROWS * ROW_BYTES
