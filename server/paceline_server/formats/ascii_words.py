"""Numbers and times out of ASCII text, thousands at once: eight bytes are a word, and numpy works on words.

Digits are put together as in D. Lemire, "Number parsing at a gigabyte per second" (Software: Practice and Experience
2021), and a decimal becomes a float as in W. Clinger, "How to read floating point numbers accurately" (PLDI 1990): an
integer below 2^53 divided by a power of ten up to 10^22 is rounded once, and so is what float() gives. Whatever is not
as plain as that goes through the same functions as a text that stands alone.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Word = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

WORD = 8
PAD_BYTES = 4096
MOST_DATES = 8
LONGEST_TEXT = 128
_EACH = 0x0101010101010101
_HIGH = np.uint64(0x80 * _EACH)
_ONES = np.uint64(_EACH)
_ZEROS = np.uint64(ord("0") * _EACH)
_TO_HIGH = np.uint64(0x76 * _EACH)  # brings what is more than 9 to the highest bit
_DOTS, _OPENS, _QUOTES = (np.uint64(ord(one) * _EACH) for one in '.<"')
MOST_DIGITS, MOST_DECIMALS = 18, 15  # an integer of so many fits into 64 bits, and so do those of two words
_TENS = 10 ** np.arange(19, dtype=np.int64)
_TENS_F = 10.0 ** np.arange(19)
LONG_BITS = 63  # of a long double's fraction, or more: else what is long goes one by one
_LAST_YEAR = 2200  # microseconds since 1970 stay below 2^53
_EPOCH = date(1970, 1, 1).toordinal()


class AsciiWords:
    """Bytes, of which eight from any place can be had as a word. Places are offsets; beyond the end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.octets, self.words = words_of(data)

    def holds(self, at: Places, literal: bytes) -> Flags:
        """Tell which places these bytes stand at; the places may be up to PAD_BYTES less the literal beyond the end."""
        size = len(literal)
        if size < WORD:
            mask = np.uint64((1 << WORD * size) - 1)
            return (self.words[at] & mask) == np.uint64(int.from_bytes(literal, "little"))
        same = np.ones(len(at), np.bool_)
        for offset in (*range(0, size - WORD, WORD), size - WORD):
            same &= self.words[at + offset] == np.uint64(int.from_bytes(literal[offset : offset + WORD], "little"))
        return same

    def ends(self, at: Places) -> Places:
        """Return where the next `<` or quotation mark stands; the place less one where none is within LONGEST_TEXT."""
        ends = at + _first(self._marks(at))
        far = np.flatnonzero(ends == at + WORD)
        for offset in range(WORD, LONGEST_TEXT, WORD):
            if not len(far):
                return ends
            found = _first(self._marks(at[far] + offset))
            ends[far] = at[far] + offset + found
            far = far[found == WORD]
        ends[far] = at[far] - 1
        return ends

    def numbers(self, begins: Places, ends: Places) -> tuple[Floats, Flags]:
        """Return what number_of gives for each text, and where it raises nothing."""
        minus = self.octets[begins] == ord("-")
        at = begins + minus
        sizes = ends - at
        front = self.words[at]
        whole_size = np.minimum(_first(_zero_bytes(front ^ _DOTS)), sizes)
        whole, plain = _digits(front, whole_size)
        decimals = np.maximum(sizes - whole_size - 1, 0)
        plain &= (whole_size > 0) & ((sizes == whole_size) | ((whole_size < WORD) & (decimals > 0)))
        decimals[~plain] = 0
        used = np.minimum(decimals, np.minimum(MOST_DECIMALS, MOST_DIGITS - whole_size))
        for offset in range(0, int(decimals.max(initial=0)), WORD):
            here = np.clip(used - offset, 0, WORD)
            part, good = _digits(self.words[at + whole_size + 1 + offset], np.clip(decimals - offset, 0, WORD))
            plain &= good
            if offset < MOST_DECIMALS:
                surplus = np.clip(decimals - offset, 0, WORD) - here
                whole = whole * _TENS[here] + part // _TENS[surplus]
        values = whole / _TENS_F[used]
        long = np.flatnonzero(plain & ((whole > 1 << 53) | (decimals > used)))
        if len(long):
            values[long], plain[long] = _nearest(whole[long], used[long], decimals[long] > used[long])
        np.negative(values, out=values, where=minus)
        return self._others(values, plain, begins, ends, number_of)

    def moments(self, begins: Places, ends: Places) -> tuple[Floats, Flags]:
        """Return what moment_of gives for each text, and where it raises nothing."""
        sizes = ends - begins
        month, clock, rest = self.words[begins], self.words[begins + WORD], self.words[begins + 2 * WORD]
        days, plain = self._days(begins, month, clock & np.uint64(0xFFFF))
        plain &= (clock & np.uint64(0xFF0000FF0000)) == np.uint64(ord("T") << 16 | ord(":") << 40)
        plain &= (rest & np.uint64(0xFF)) == np.uint64(ord(":"))
        hours, minutes, seconds = _pair(clock, 3), _pair(clock, 6), _pair(rest, 1)
        plain &= (hours < 24) & (minutes < 60) & (seconds < 60)
        zulu = self.octets[ends - 1] == ord("Z")
        decimals = np.maximum(sizes - 20 - zulu, 0)
        plain &= (sizes - zulu == 19) | ((self.octets[begins + 19] == ord(".")) & (decimals > 0) & (decimals <= 6))
        whole_s = days * 86400 + hours * 3600 + minutes * 60 + seconds
        if decimals.any():
            decimals[~plain] = 0
            part, good = _digits(self.words[begins + 20], decimals)
            plain &= good
            values = (whole_s * 1_000_000 + part * _TENS[6 - decimals]) / 1e6
        else:
            values = whole_s.astype(np.float64)
        return self._others(values, plain, begins, ends, moment_of)

    def _days(self, begins: Places, month: Word, day: Word) -> tuple[Places, Flags]:
        """Return days since 1970, and where there is a date: most files are of one or two."""
        days = np.zeros(len(begins), np.int64)
        known = np.zeros(len(begins), np.bool_)
        for _ in range(MOST_DATES):
            left = np.flatnonzero(~known)
            if not len(left):
                break
            here = (month == month[left[0]]) & (day == day[left[0]])
            try:
                day_of = date.fromisoformat(self.data[begins[left[0]] : begins[left[0]] + 10].decode("ascii"))
            except ValueError:
                break  # what is left goes one by one, and its date is told to be none there
            if day_of.year > _LAST_YEAR:
                break
            days[here] = day_of.toordinal() - _EPOCH
            known |= here
        return days, known

    def _others(
        self, values: Floats, plain: Flags, begins: Places, ends: Places, of: Callable[[str], float]
    ) -> tuple[Floats, Flags]:
        for row in np.flatnonzero(~plain).tolist():
            try:
                values[row] = of(self.data[begins[row] : ends[row]].decode("ascii"))
                plain[row] = True
            except ValueError:
                pass
        return values, plain

    def _marks(self, at: Places) -> Word:
        words = self.words[at]
        return _zero_bytes(words ^ _OPENS) | _zero_bytes(words ^ _QUOTES)


def words_of(data: bytes) -> tuple[NDArray[np.uint8], Word]:
    """Return the bytes, and the eight bytes from each on as a little-endian word; zeros follow beyond the end."""
    padded = data + bytes(PAD_BYTES)
    return np.frombuffer(padded, np.uint8), np.ndarray((len(padded) - WORD + 1,), "<u8", padded, strides=(1,))


def number_of(text: str) -> float:
    """Return the number that a text holds, NaN when it is empty; ValueError when it is none."""
    return float(text) if text else float("nan")


def moment_of(text: str) -> float:
    """Return the Unix seconds of an ISO 8601 time, UTC when it names no zone; NaN when it is empty, or ValueError."""
    if not text:
        return float("nan")
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except OverflowError:
        raise ValueError(text) from None


def _zero_bytes(words: Word) -> Word:
    """Return a word whose lowest bit that is set is the highest of the first byte that is zero; 0 when none is."""
    return (words - _ONES) & ~words & _HIGH


def _first(marks: Word) -> Places:
    """Return which byte is the first that is marked; 8 when none is."""
    return (np.bitwise_count((marks & (~marks + np.uint64(1))) - np.uint64(1)) >> 3).astype(np.int64)


def _digits(words: Word, sizes: Places) -> tuple[Places, Flags]:
    """Return the integers that the first digits of words are, 0 to 8 of them, and where all of these are digits."""
    digits = (words ^ _ZEROS) << (WORD * (WORD - sizes)).astype(np.uint64)
    good = ((digits + _TO_HIGH | digits) & _HIGH) == 0
    pairs = (digits * np.uint64(2561) >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    fours = (pairs * np.uint64(6553601) >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    return (fours * np.uint64(42949672960001) >> np.uint64(32)).astype(np.int64), good


def _nearest(wholes: Places, decimals: Places, more: Flags) -> tuple[Floats, Flags]:
    """Return the floats nearest to integers by powers of ten, and where that is sure; `more` digits may follow.

    Long doubles hold both exactly. Their quotient is rounded once more, which is wrong only from the middle between
    two floats; and where more digits follow, this and the next integer must give the same.
    """
    if np.finfo(np.longdouble).nmant < LONG_BITS:
        return np.zeros(len(wholes)), np.zeros(len(wholes), np.bool_)
    tens = _TENS[decimals].astype(np.longdouble)
    quotient = wholes.astype(np.longdouble) / tens
    nearest = quotient.astype(np.float64)
    sure = np.abs(quotient - nearest) != np.spacing(nearest) / 2
    if more.any():
        upper = (wholes + 1).astype(np.longdouble) / tens
        above = upper.astype(np.float64)
        sure &= ~more | ((above == nearest) & (np.abs(upper - above) != np.spacing(above) / 2))
    return nearest, sure


def _pair(words: Word, place: int) -> Places:
    """Return the number of two digits at a byte of words; 100 or more when they are none."""
    ten, one = (
        ((words >> np.uint64(WORD * at)) & np.uint64(0xFF)).astype(np.int64) - ord("0") for at in (place, place + 1)
    )
    return np.where((ten >= 0) & (ten <= 9) & (one >= 0) & (one <= 9), ten * 10 + one, 100)
