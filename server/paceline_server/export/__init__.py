"""Taking one's data along: everything of a user in one archive."""
