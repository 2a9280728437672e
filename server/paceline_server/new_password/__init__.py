"""A new password: with the present one, or by the link of a letter when it is forgotten."""
