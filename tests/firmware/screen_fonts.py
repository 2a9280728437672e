"""Packs the fonts drawn in pictures/font_*.txt into the firmware's module `wearable/screen/fonts.py`.

A drawing has blocks of a line with characters and below it their rows, glyphs side by side with a blank between.
"""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
MODULE = HERE.parents[1] / "firmware" / "wearable" / "screen" / "fonts.py"
BYTES_A_LINE = 27
HEAD = '''"""The fonts, packed from the drawings in tests/firmware/pictures by tests/firmware/screen_pictures.py."""

from .font import Font
'''


class Face(NamedTuple):
    """One font: its name in the module, its drawing, its height, gap and blank in pixels."""

    name: str
    drawing: str
    height: int
    gap: int
    space: int


FACES = (
    Face("TEXT", "font_text.txt", 8, 1, 3),
    Face("FIGURES_16", "font_figures_16.txt", 16, 2, 5),
    Face("FIGURES_24", "font_figures_24.txt", 24, 2, 7),
    Face("FIGURES_32", "font_figures_32.txt", 32, 3, 10),
)


def packed(face: Face) -> tuple[bytes, bytes]:
    """Characters and glyphs of a drawing, as `Font` takes them."""
    lines = (HERE / "pictures" / face.drawing).read_text().splitlines()
    characters, glyphs = b"", b""
    for at in range(0, len(lines), face.height + 1):
        codes = lines[at].encode("ascii")
        rows = [row.split(" ") for row in lines[at + 1 : at + 1 + face.height]]
        assert all(len(row) == len(codes) for row in rows), f"{face.drawing}: the block at line {at + 1}"
        for i in range(len(codes)):
            glyphs += _packed_glyph([row[i] for row in rows])
        characters += codes
    return characters, glyphs


def _packed_glyph(rows: list[str]) -> bytes:
    width = len(rows[0])
    assert all(len(row) == width and set(row) <= set("#.") for row in rows), rows
    columns = [sum((rows[y][x] == "#") << y for y in range(len(rows))) for x in range(width)]
    return bytes([width]) + b"".join(column.to_bytes((len(rows) + 7) // 8, "little") for column in columns)


def module() -> str:
    """The text of the module."""
    return HEAD + "".join(_definition(face) for face in FACES)


def _definition(face: Face) -> str:
    characters, glyphs = packed(face)
    lines = [glyphs[at : at + BYTES_A_LINE] for at in range(0, len(glyphs), BYTES_A_LINE)]
    text = "\n".join('    b"' + "".join(f"\\x{byte:02x}" for byte in line) + '"' for line in lines)
    name = characters.decode()
    return (
        f'\n{face.name} = Font(\n    {face.height},\n    {face.gap},\n    {face.space},\n    b"{name}",\n{text},\n)\n'
    )
