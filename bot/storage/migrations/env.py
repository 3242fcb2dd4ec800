"""Alembic's entry: it migrates over the connection that `bot.storage.migrate` hands it."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transaction_per_migration=False,
)
context.run_migrations()
