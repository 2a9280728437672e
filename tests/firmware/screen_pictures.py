"""The checked pictures of the screen, and the command that draws them anew after they were looked at:

python tests/firmware/screen_pictures.py

It packs the fonts, then renders each scene with the firmware's own code on MicroPython into pictures/NAME.png, where
a pixel of the display is 4 × 4.
"""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PICTURES = HERE / "pictures"
WIDTH, HEIGHT, SCALE = 128, 64, 4
Rows = list[str]


def rendered(micropython: Path) -> dict[str, Rows]:
    """Every scene as rows of `#` for light and `.` for dark."""
    folders = [".frozen", str(ROOT / "firmware"), str(ROOT / "protocol")]
    done = subprocess.run(
        [micropython, HERE / "screen_scenes.py"],
        env={**os.environ, "MICROPYPATH": ":".join(folders)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    scenes = (line.split(" ") for line in done.stdout.splitlines())
    return {name: rows_of(bytes.fromhex(buffer)) for name, buffer in scenes}


def rows_of(buffer: bytes) -> Rows:
    """The pixels of a picture in the display's order."""
    assert len(buffer) == WIDTH * HEIGHT // 8
    return [
        "".join("#" if buffer[y // 8 * WIDTH + x] >> y % 8 & 1 else "." for x in range(WIDTH)) for y in range(HEIGHT)
    ]


def to_png(rows: Rows) -> bytes:
    """A PNG of one bit a pixel, light on dark."""
    image = b""
    for row in rows:
        bits = int("".join(("1" if pixel == "#" else "0") * SCALE for pixel in row), 2)
        image += (b"\0" + bits.to_bytes(len(row) * SCALE // 8, "big")) * SCALE
    header = struct.pack(">IIBBBBB", WIDTH * SCALE, HEIGHT * SCALE, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(image, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def from_png(data: bytes) -> Rows:
    """The pixels of a PNG that to_png() made."""
    at, packed = 8, b""
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    image = zlib.decompress(packed)
    stride = 1 + WIDTH * SCALE // 8
    rows = (image[y * SCALE * stride + 1 : (y * SCALE + 1) * stride] for y in range(HEIGHT))
    bits = (f"{int.from_bytes(row, 'big'):0{WIDTH * SCALE}b}" for row in rows)
    return [row[::SCALE].replace("1", "#").replace("0", ".") for row in bits]


def main() -> None:
    """Pack the fonts and write every picture."""
    import screen_fonts

    screen_fonts.MODULE.write_text(screen_fonts.module())
    for name, rows in rendered(Path(sys.executable).parent / "micropython").items():
        (PICTURES / f"{name}.png").write_bytes(to_png(rows))


if __name__ == "__main__":
    main()
