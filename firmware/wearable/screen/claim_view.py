"""The view that shows a wearable's id to a phone; apart, because it is seldom needed."""

from binascii import hexlify

from .canvas import CENTRE, HEIGHT, Canvas
from .fonts import TEXT
from .layout import line
from .qr import SIZE, encode, light
from .snapshot import Snapshot


def claim(canvas: Canvas, model: Snapshot) -> None:
    """The device's id as a QR code and in four groups of four digits."""
    canvas.fill(0, 0, HEIGHT, HEIGHT)
    modules = 2 * SIZE
    offset = (HEIGHT - modules) // 2
    if not model.claim_code:
        model.claim_code = encode(b"paceline:" + hexlify(model.device_id))
    code = model.claim_code
    for y in range(SIZE):
        for x in range(SIZE):
            if not light(code, x, y):
                canvas.invert(offset + 2 * x, offset + 2 * y, 2, 2)
    canvas.text(96, 1, b"Device id", TEXT, CENTRE)
    for group in range(4):
        line.clear()
        for nibble in range(4):
            byte = model.device_id[2 * group + nibble // 2]
            line.code(b"0123456789ABCDEF"[byte & 15 if nibble & 1 else byte >> 4])
        canvas.line(96, 15 + 13 * group, line, TEXT, CENTRE)
