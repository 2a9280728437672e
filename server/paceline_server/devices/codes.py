"""A wearable's claim code: its id, as its screen, its label and links say it. Pure."""

import re

SCHEME = "paceline:"
_LINK = re.compile(r"https?://[^?#]*[?](?:[^#]*&)?code=([^&#]*).*")
_ID = re.compile(r"[0-9a-f]{16}")


def device_of(text: str) -> str | None:
    """Return the device id that somebody typed or scanned, None when it is none.

    It may stand in groups of any size, behind `paceline:` as on the wearable's own screen, or in a link of a label.
    """
    link = _LINK.fullmatch(text.strip())
    text = link[1] if link is not None else text.strip()
    code = re.sub(r"[\s-]", "", text.lower().removeprefix(SCHEME))
    return code if _ID.fullmatch(code) else None


def claim_link(server_url: str, device_id: str) -> str:
    """Return the address of the page that claims a wearable; it holds the id and never the key."""
    return f"{server_url.rstrip('/')}/claim?code={device_id}"
