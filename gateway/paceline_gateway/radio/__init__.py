"""The only part of the gateway that knows bleak."""
