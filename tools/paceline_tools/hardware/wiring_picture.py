"""The wiring as a picture: boxes of parts at the sides, a rail for each net between them, a dot where they join."""

from collections.abc import Iterator
from html import escape

from paceline_tools.hardware.description import Board, Part

_ROW, _HEAD, _GAP, _BOX = 18, 36, 18, 270  # head and gap are whole rows, so that the wires of a side keep their grid
_RAIL, _MARGIN, _TOP = 21, 24, 100
_COLOURS = {
    "BAT": "#d9480f",
    "GND": "#343a40",
    "3V3": "#e03131",
    "5V_LED": "#c2255c",
    "SDA": "#1971c2",
    "SCL": "#0c8599",
}
_OTHERS = ("#2f9e44", "#9c36b5", "#e8890c", "#5f3dc4", "#0b7285", "#a61e4d", "#66a80f", "#846358", "#495057")


def wiring_svg(board: Board) -> str:
    """Return the picture as SVG text."""
    left, right = _columns(board)
    nets = list(board.nets)
    others = [net for net in nets if net not in _COLOURS]
    colours = _COLOURS | {net: _OTHERS[number % len(_OTHERS)] for number, net in enumerate(others)}
    first = _MARGIN + _BOX + 40
    rails = {net: first + number * _RAIL for number, net in enumerate(nets)}
    right_x = first + len(nets) * _RAIL + 20
    height = max(_height(left), _height(right)) + _TOP + _MARGIN
    width = right_x + _BOX + _MARGIN
    body = [*_column(board, left, _MARGIN, _MARGIN + _BOX, rails, colours)]
    body += _column(board, right, right_x, right_x, rails, colours)
    lines = [*_rails(board, rails, colours, height), *body]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="12">'
    )
    title = f"<title>Wiring of the board {escape(board.name)}: made from hardware/board.toml</title>"
    return "\n".join([head, title, '<rect width="100%" height="100%" fill="#ffffff"/>', *lines, "</svg>"]) + "\n"


def _columns(board: Board) -> tuple[list[Part], list[Part]]:
    wired = [part for part in board.parts if part.pins]
    left = [part for part in wired if not part.ref.startswith("U") or part.ref == board.module.ref]
    return left, [part for part in wired if part not in left]


def _height(parts: list[Part]) -> int:
    return sum(_HEAD + _ROW * len(part.pins) + _GAP for part in parts)


def _rails(board: Board, rails: dict[str, int], colours: dict[str, str], height: int) -> Iterator[str]:
    for net in board.nets:
        x = rails[net]
        yield (
            f'<line x1="{x}" y1="{_TOP - 12}" x2="{x}" y2="{height - _MARGIN}" '
            f'stroke="{colours[net]}" stroke-width="2.5"/>'
        )
        yield (
            f'<text x="{x + 4}" y="{_TOP - 16}" transform="rotate(-60 {x + 4} {_TOP - 16})" '
            f'fill="{colours[net]}" font-weight="600">{escape(net)}</text>'
        )


def _column(
    board: Board, parts: list[Part], x: int, edge: int, rails: dict[str, int], colours: dict[str, str]
) -> Iterator[str]:
    """The boxes of one side; `edge` is where the wires leave them."""
    at_left = edge > x
    # Half a row lower, no wire of the right side lies upon one of the left.
    top = _TOP if at_left else _TOP + _ROW // 2
    for part in parts:
        height = _HEAD + _ROW * len(part.pins)
        dashed = ' stroke-dasharray="6 4"' if part.optional else ""
        yield (
            f'<rect x="{x}" y="{top}" width="{_BOX}" height="{height}" rx="8" fill="#f1f3f5" stroke="#868e96"{dashed}/>'
        )
        yield f'<text x="{x + 10}" y="{top + 16}" font-weight="700">{escape(part.ref)} {escape(_name(part))}</text>'
        yield f'<text x="{x + 10}" y="{top + 31}" fill="#5c636a">{escape(part.value)}</text>'
        for row, pin in enumerate(part.pins):
            y = top + _HEAD + _ROW * row + 6
            yield from _pin(board, part, pin, y, edge, at_left, rails, colours)
        top += height + _GAP


def _pin(
    board: Board, part: Part, pin: str, y: int, edge: int, at_left: bool, rails: dict[str, int], colours: dict[str, str]
) -> Iterator[str]:
    text_x, anchor = (edge - 10, "end") if at_left else (edge + 10, "start")
    net = board.net_of(f"{part.ref}.{pin}")
    faint = "" if net else ' fill="#adb5bd"'
    yield f'<text x="{text_x}" y="{y + 4}" text-anchor="{anchor}"{faint}>{escape(pin)}</text>'
    if net:
        yield (
            f'<line x1="{edge}" y1="{y}" x2="{rails[net]}" y2="{y}" stroke="{colours[net]}" stroke-width="1.6"/>'
            f'<circle cx="{rails[net]}" cy="{y}" r="4" fill="{colours[net]}"/>'
        )


def _name(part: Part) -> str:
    name = part.name.partition(":")[0]
    return (name if len(name) <= 31 else name[:30] + "…") + (" (optional)" if part.optional else "")
