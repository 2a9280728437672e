"""The name that a wearable goes by on the air (docs/PROTOCOL.md): noise to all who do not hold its key.

alias = salt ‖ HMAC-SHA256(device key, "paceline alias 1" ‖ salt), first 4 bytes
"""

from .integrity import hmac_sha256, same_bytes

ALIAS_SIZE = 8
SALT_SIZE = 4
ALIAS_LABEL = b"paceline alias 1"


def make_alias(device_key: bytes, salt: bytes) -> bytes:
    """Return the alias for a salt of 4 fresh random bytes."""
    return salt + hmac_sha256(device_key, ALIAS_LABEL, salt)[: ALIAS_SIZE - SALT_SIZE]


def is_alias(alias: bytes, device_key: bytes) -> bool:
    """Return whether the alias was made with this key; it is a claim that one in 2^32 strangers' makes by chance."""
    return len(alias) == ALIAS_SIZE and same_bytes(alias, make_alias(device_key, alias[:SALT_SIZE]))


def recognise(alias: bytes, keys: "dict[bytes, bytes]") -> "tuple[bytes, bytes] | None":
    """Return (device id, key) of the one among device id → key whose alias it is, None for a stranger's."""
    for device_id, key in keys.items():
        if is_alias(alias, key):
            return device_id, key
    return None
