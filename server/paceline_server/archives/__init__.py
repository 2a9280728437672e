"""Everything of a user in one file: written for him and for other tools, read again by a server of ours."""
