"""Users' e-mail addresses: one that counts, as it was confirmed, and one that waits to be."""
