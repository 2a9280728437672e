"""GPS: what a solution is, how well it is received, and assistance for the receiver."""
