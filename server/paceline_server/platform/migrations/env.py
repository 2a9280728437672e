"""Alembic's entry: runs revisions on the connection that platform/migrate.py hands over, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
