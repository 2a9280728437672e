"""Lines of text and the canvas that they are drawn on."""

from wearable.screen import layout, qr
from wearable.screen.canvas import CENTRE, HEIGHT, RIGHT, WIDTH, Canvas
from wearable.screen.fonts import FIGURES_16, FIGURES_24, FIGURES_32, TEXT
from wearable.screen.line import Line


def _pixels(canvas: Canvas) -> "set[tuple[int, int]]":
    return {(x, y) for y in range(HEIGHT) for x in range(WIDTH) if canvas.pixel(x, y)}


def _text(line: Line) -> str:
    return bytes(line.data[: line.length]).decode()


def test_numbers_and_times_are_written_as_people_write_them() -> None:
    line = Line()
    for value, digits, text in ((0, 1, "0"), (7, 2, "07"), (-42, 1, "-42"), (1_000_000, 1, "1000000"), (5, 4, "0005")):
        assert _text(line.clear().number(value, digits)) == text
    for seconds, text in (
        (0, "0:00"),
        (59, "0:59"),
        (754, "12:34"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (38096, "10:34:56"),
    ):
        assert _text(line.clear().duration(seconds)) == text
    for metres, text in (
        (0, "0.00"),
        (9, "0.00"),
        (1609, "1.60"),
        (42_195, "42.19"),
        (99_999, "99.99"),
        (100_999, "100.9"),
    ):
        assert _text(line.clear().kilometres(metres)) == text
    assert _text(line.clear().time_of_day(6 * 60 + 5)) == "06:05"
    assert _text(line.clear().tenths(127)) == "12.7"


def test_a_line_that_is_full_takes_no_more() -> None:
    line = Line(4)
    assert _text(line.put(b"12").number(3456)) == "1234"


def test_pace_and_speed_have_bounds() -> None:
    assert _text(layout.pace(0)) == _text(layout.pace(49)) == "-:--"
    assert _text(layout.pace(322)) == "5:10"
    assert layout.pace_or_speed(layout.CYCLING, 914) == b"km/h" and _text(layout.line) == "32.9"
    assert layout.speed_of(1000, 0) == 0 and layout.speed_of(1000, 250) == 400


def test_a_glyph_looks_the_same_at_every_height_and_what_lies_outside_is_left_out() -> None:
    for font, text in ((TEXT, b"Rg8"), (FIGURES_16, b"2:4"), (FIGURES_24, b"7"), (FIGURES_32, b"5")):
        canvas = Canvas()
        canvas.text(20, 16, text, font)
        model = _pixels(canvas)
        assert model
        for x, y in ((20, 17), (21, 21), (-3, -5), (WIDTH - 7, HEIGHT - 9), (0, -font.height), (0, HEIGHT), (-60, 3)):
            canvas.clear()
            canvas.text(x, y, text, font)
            moved = {(px - 20 + x, py - 16 + y) for px, py in model}
            assert _pixels(canvas) == {(px, py) for px, py in moved if 0 <= px < WIDTH and 0 <= py < HEIGHT}


def test_text_is_placed_by_its_left_middle_or_right() -> None:
    canvas = Canvas()
    width = canvas.text(0, 0, b"Run", TEXT)
    left = _pixels(canvas)
    assert max(x for x, _ in left) == width - 1
    for align, x in ((CENTRE, 60 + width // 2), (RIGHT, 60 + width)):
        canvas.clear()
        canvas.text(x, 0, b"Run", TEXT, align)
        assert _pixels(canvas) == {(px + 60, py) for px, py in left}
    canvas.clear()
    assert canvas.text(0, 0, b"Run", TEXT, scale=2) == 2 * width
    assert _pixels(canvas) == {(2 * x + dx, 2 * y + dy) for x, y in left for dx in (0, 1) for dy in (0, 1)}


def test_rectangles_are_lit_put_out_and_inverted_in_their_bounds() -> None:
    canvas = Canvas()
    canvas.fill(-5, 5, 20, 14)
    box = {(x, y) for x in range(15) for y in range(5, 19)}
    assert _pixels(canvas) == box
    canvas.invert(3, 6, 400, 3)
    band = {(x, y) for x in range(3, WIDTH) for y in range(6, 9)}
    assert _pixels(canvas) == box ^ band
    canvas.ink = 0
    canvas.fill(0, 0, WIDTH, HEIGHT)
    assert _pixels(canvas) == set()


def test_characters_that_a_font_lacks_are_blanks() -> None:
    canvas = Canvas()
    assert canvas.text(0, 0, b"\x00 \x7f\xff", FIGURES_16) > 0
    assert _pixels(canvas) == set()


def _codewords(modules: bytearray) -> bytes:
    # Read as a reader does: no knowledge of the text, function modules by the standard's drawing of version 2.
    bits = []
    upwards = True
    for right in (24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for y in range(24, -1, -1) if upwards else range(25):
            for x in (right, right - 1):
                finder = (x < 9 and y < 9) or (x > 16 and y < 9) or (x < 9 and y > 16)
                if finder or x == 6 or y == 6 or (16 <= x <= 20 and 16 <= y <= 20):
                    continue
                bits.append(modules[y * 25 + x] ^ ((x + y) % 2 == 0))
        upwards = not upwards
    return bytes(sum(bits[8 * i + k] << (7 - k) for k in range(8)) for i in range(len(bits) // 8))


def _product(a: int, b: int) -> int:
    result = 0
    for i in range(8):
        if b >> i & 1:
            result ^= a << i
    for i in range(14, 7, -1):
        if result >> i & 1:
            result ^= 0x11D << (i - 8)
    return result


def test_a_qr_code_is_read_back_and_its_check_words_are_right() -> None:
    for text in (b"", b"paceline:a1b2c3d4e5f60718", b"x" * qr.CAPACITY):
        words = _codewords(qr.encode(text))
        assert len(words) == 44
        assert words[0] >> 4 == 4 and (words[0] & 15) << 4 | words[1] >> 4 == len(text)
        read = bytes((words[1 + i] & 15) << 4 | words[2 + i] >> 4 for i in range(len(text)))
        assert read == text
        root = 1
        for _ in range(16):  # a polynomial of the code is 0 at each of these
            value = 0
            for word in words:
                value = _product(value, root) ^ word
            assert value == 0
            root = _product(root, 2)


def test_a_text_too_long_for_the_qr_code_is_refused() -> None:
    try:
        qr.encode(b"x" * 27)
    except ValueError as error:
        assert "27" in str(error)
    else:
        raise AssertionError("taken")
