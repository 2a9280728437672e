"""The checked-in vectors, computed once with other libraries than ours (hmac, cryptography)."""

import json

_HERE = __file__.rsplit("/", 2)[0]


def load(name: str):
    """Return the vectors of vectors/NAME.json."""
    with open(f"{_HERE}/vectors/{name}.json") as file:
        return json.load(file)


def field_values(fields: dict[str, object]) -> dict[str, object]:
    """Return the fields with hexadecimal strings as bytes; only `text` is a string on the wire too."""
    values = dict(fields)
    for name, value in fields.items():
        if isinstance(value, str) and name != "text":
            values[name] = bytes.fromhex(value)
    return values
