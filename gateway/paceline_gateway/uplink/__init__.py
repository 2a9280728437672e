"""The only part of the gateway that speaks HTTP."""
