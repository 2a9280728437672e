"""The schema's revisions: Alembic runs env.py, which runs the files of versions/ in the order of their names."""
