"""How often, and how much: limits on requests and attempts, of users and of addresses."""
