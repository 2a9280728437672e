"""What a wearable is called where no personal name may stand: the end of its device id, as people know it."""

from collections.abc import Collection

LEAST_DIGITS = 4


def labels(device_ids: Collection[bytes]) -> dict[bytes, str]:
    """Return for each id its last hex digits, as many as tell all of them apart, at least four."""
    ids = {device_id: device_id.hex().upper() for device_id in device_ids}
    digits = LEAST_DIGITS
    while len({text[-digits:] for text in ids.values()}) < len(ids):
        digits += 1
    return {device_id: text[-digits:] for device_id, text in ids.items()}
