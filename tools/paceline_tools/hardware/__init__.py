"""The wearable's circuit, read from hardware/board.toml, checked by rules, and what is made from it."""
