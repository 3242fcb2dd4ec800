"""The history of our tables, in Alembic's form."""
