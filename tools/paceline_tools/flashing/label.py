"""A wearable's claim code for people: as a QR code in a terminal, and as a label to print. It holds no secret.

What the code says is what the wearable's own screen shows, or with a server's address the page there that claims it.
"""

import io

import segno

from paceline_tools.flashing.errors import FlashingError

_MODULE, _BORDER, _TEXT = 4, 4, 26


def claim_text(device_id: bytes, server_url: str | None) -> str:
    """Return what the QR code says; FlashingError for an address that is none. The key is in neither."""
    if server_url is None:
        return f"paceline:{device_id.hex()}"
    if not server_url.startswith(("https://", "http://")) or any(each in server_url for each in "?# "):
        raise FlashingError(f"{server_url} is no address of a server", "give it like https://paceline.example")
    return f"{server_url.rstrip('/')}/claim?code={device_id.hex()}"


def terminal_lines(text: str) -> list[str]:
    """Return the QR code as lines for a terminal, two modules a character."""
    told = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(told, border=2, compact=True)
    return told.getvalue().splitlines()


def label(device_id: bytes, text: str) -> str:
    """Return an SVG with the QR code and, below it, the id in four groups."""
    code = segno.make(text, error="m", micro=False)
    side = code.symbol_size(_MODULE, _BORDER)[0]
    drawn = code.svg_inline(scale=_MODULE, border=_BORDER, dark="#000", light="#fff", omitsize=False)
    groups = " ".join(device_id.hex()[at : at + 4] for at in range(0, 16, 4))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side + _TEXT}" role="img">'
        f"<title>Paceline {groups}</title>"
        f'<rect width="{side}" height="{side + _TEXT}" fill="#fff"/>{drawn}'
        f'<text x="{side / 2:g}" y="{side + 12}" font-family="monospace" font-size="11" text-anchor="middle">'
        f"{groups}</text></svg>\n"
    )
