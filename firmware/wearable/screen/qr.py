"""QR codes of version 2, level M, byte mode (ISO/IEC 18004): 25 × 25 modules that hold 26 bytes.

The mask is always the first: readers take any, and a short text makes no large plains.
"""

SIZE = 25
CAPACITY = 26

_DATA_CODEWORDS = 28
_CHECK_CODEWORDS = 16
_BYTE_MODE = 4
_FIELD = 0x11D
_FORMAT = 0b101010000010010  # level M, mask 0, with its BCH bits and mask (annex C)
_TIMING = 6
_ALIGNMENT = 18  # its centre


def encode(text: bytes) -> bytearray:
    """Return the modules, one byte each, row after row, 1 for dark; ValueError when the text is too long."""
    if len(text) > CAPACITY:
        raise ValueError(f"{len(text)} bytes are more than {CAPACITY}")
    data = bytearray(_DATA_CODEWORDS)
    data[0] = _BYTE_MODE << 4 | len(text) >> 4
    data[1] = (len(text) & 15) << 4
    for i in range(len(text)):
        data[1 + i] |= text[i] >> 4
        data[2 + i] = (text[i] & 15) << 4
    # The four zero bits behind the text end it; then padding.
    for i in range(2 + len(text), _DATA_CODEWORDS):
        data[i] = 0x11 if (i - len(text)) & 1 else 0xEC
    modules = bytearray(b"\xff" * (SIZE * SIZE))  # 0xFF: not set yet
    _patterns(modules)
    _fill(modules, data + _check_codewords(data))
    return modules


def light(modules: bytearray, x: int, y: int) -> bool:
    """Whether a module is light."""
    return modules[y * SIZE + x] == 0


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= _FIELD
        b >>= 1
    return product


def _check_codewords(data: bytearray) -> bytearray:
    # The remainder of the data by the product of (x − 2^i).
    generator = bytearray(_CHECK_CODEWORDS)
    generator[-1] = 1
    root = 1
    for _ in range(_CHECK_CODEWORDS):
        for i in range(_CHECK_CODEWORDS):
            following = generator[i + 1] if i + 1 < _CHECK_CODEWORDS else 0
            generator[i] = _times(generator[i], root) ^ following
        root = _times(root, 2)
    remainder = bytearray(_CHECK_CODEWORDS)
    for byte in data:
        factor = byte ^ remainder[0]
        for i in range(_CHECK_CODEWORDS):
            following = remainder[i + 1] if i + 1 < _CHECK_CODEWORDS else 0
            remainder[i] = following ^ _times(generator[i], factor)
    return remainder


def _patterns(modules: bytearray) -> None:
    for x, y in ((3, 3), (SIZE - 4, 3), (3, SIZE - 4)):
        _square(modules, x, y, 4)
    _square(modules, _ALIGNMENT, _ALIGNMENT, 2)
    for i in range(8, SIZE - 8):
        modules[_TIMING * SIZE + i] = modules[i * SIZE + _TIMING] = 1 - i % 2
    for i in range(15):
        bit = _FORMAT >> i & 1
        row = i if i < 6 else (i + 1 if i < 8 else SIZE - 15 + i)
        modules[row * SIZE + 8] = bit
        column = SIZE - 1 - i if i < 8 else (7 if i == 8 else 14 - i)
        modules[8 * SIZE + column] = bit
    modules[(SIZE - 8) * SIZE + 8] = 1


def _square(modules: bytearray, centre_x: int, centre_y: int, radius: int) -> None:
    # Rings of dark and light around a dark middle; the outermost of a finder (radius 4) is its light margin.
    for y in range(max(0, centre_y - radius), min(SIZE, centre_y + radius + 1)):
        for x in range(max(0, centre_x - radius), min(SIZE, centre_x + radius + 1)):
            ring = max(abs(x - centre_x), abs(y - centre_y))
            modules[y * SIZE + x] = 0 if ring == 4 or (ring == 2 and radius == 4) or (ring == 1 and radius == 2) else 1


def _fill(modules: bytearray, codewords: bytearray) -> None:
    # Pairs of columns from the right, upwards and downwards in turn, around the column of the timing pattern.
    bit = 0
    x = SIZE - 1
    upwards = True
    while x > 0:
        if x == _TIMING:
            x -= 1
        for step in range(SIZE):
            y = SIZE - 1 - step if upwards else step
            for column in (x, x - 1):
                if modules[y * SIZE + column] != 0xFF:
                    continue
                value = 0
                if bit < 8 * len(codewords):
                    value = codewords[bit >> 3] >> (7 - (bit & 7)) & 1
                bit += 1
                modules[y * SIZE + column] = value ^ (1 if (y + column) % 2 == 0 else 0)
        upwards = not upwards
        x -= 2
