"""How accounts come to be: open to all, by invitation, or closed."""
