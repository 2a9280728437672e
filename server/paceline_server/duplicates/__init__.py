"""One workout recorded twice: found, counted once, shown as one; what its owner says of it is remembered."""
