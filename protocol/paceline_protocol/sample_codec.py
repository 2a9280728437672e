"""Samples ⇄ SAMPLES payloads (bits: docs/SAMPLES.md).

    payload = flags u8 (bit 0: models start fresh) ‖ count u8 ‖ bytes of the range coder, zeros at the end left out

The models go on from payload to payload: one without the flag is decoded after those before it, back to the flag.
"""

from .errors import JournalError
from .range_coder import RangeDecoder, RangeEncoder
from .sample import COLUMNS
from .sample_model import SampleModel, worst_sample_bytes

FLAG_FRESH = 1
HEADER_BYTES = 2
PAYLOAD_MAX = 255
COUNT_MAX = 255
WORST_SAMPLE_BYTES = worst_sample_bytes()


class SampleEncoder:
    """Samples in, payloads out; nothing is allocated after construction.

    The caller asks room_needed() before each put() and closes the chunk when the answer passes PAYLOAD_MAX or its room;
    it calls restart() before the first chunk of every page and boot.
    """

    def __init__(self) -> None:
        self._model = SampleModel()
        self._coder = RangeEncoder(PAYLOAD_MAX + WORST_SAMPLE_BYTES)
        self._flags = FLAG_FRESH
        self.count = 0

    def restart(self) -> None:
        """Let the models start fresh; samples put and not closed are lost."""
        self._model.restart()
        self._coder.restart()
        self._flags = FLAG_FRESH
        self.count = 0

    def put(
        self,
        t_s: int,
        fix: int,
        latitude_udeg: int,
        longitude_udeg: int,
        altitude_2dm: int,
        speed_cm_s: int,
        heart_rate_bpm: int,
        heart_rate_confidence: int,
        cadence_spm: int,
    ) -> None:
        """Add one sample; a value outside the bounds of COLUMNS is held at the bound.

        Without a fix, position, altitude and speed are not looked at: they repeat what the last fix said.
        """
        values = self._model.values
        values[0] = t_s
        values[1] = fix
        values[2] = latitude_udeg
        values[3] = longitude_udeg
        values[4] = altitude_2dm
        values[5] = speed_cm_s
        values[6] = heart_rate_bpm
        values[7] = heart_rate_confidence
        values[8] = cadence_spm
        for column in range(len(COLUMNS)):
            bounds = COLUMNS[column]
            if values[column] < bounds[1]:
                values[column] = bounds[1]
            elif values[column] > bounds[2]:
                values[column] = bounds[2]
        self._model.walk(self._coder)
        self.count += 1

    def room_needed(self) -> int:
        """Return how many bytes the payload could need if one more sample, the worst, were put and the chunk closed.

        More than PAYLOAD_MAX says that no payload holds one more.
        """
        if self.count == COUNT_MAX:
            return PAYLOAD_MAX + 1
        return HEADER_BYTES + self._coder.end + WORST_SAMPLE_BYTES

    def close(self, buffer: bytearray, offset: int) -> int:
        """Write the payload at `offset` and return the offset behind it; the models go on with the next chunk."""
        coded = self._coder.buffer
        end = self._coder.finish()
        buffer[offset] = self._flags
        buffer[offset + 1] = self.count
        offset += HEADER_BYTES
        for index in range(end):
            buffer[offset + index] = coded[index]
        self._coder.restart()
        self._flags = 0
        self.count = 0
        return offset + end


class SampleDecoder:
    """Payloads in their order in, samples out: the plain reference of the server's native decoder."""

    def __init__(self) -> None:
        self._model = SampleModel()
        self._continues = False

    def decode(self, payload: bytes) -> "list[tuple[int, ...]]":
        """Return the samples of one payload as tuples in the order of COLUMNS.

        Raises JournalError("samples") with the offset in the payload for bytes that no encoder writes; then, and at the
        very start, only a payload whose models start fresh can follow.
        """
        if len(payload) < HEADER_BYTES or payload[0] > FLAG_FRESH or payload[1] == 0:
            raise self._broken(0, "flags or count")
        if payload[0] == FLAG_FRESH:
            self._model.restart()
        elif not self._continues:
            raise self._broken(0, "the payload before it is missing")
        self._continues = True
        coder = RangeDecoder(payload, HEADER_BYTES)
        samples: list[tuple[int, ...]] = []
        for _ in range(payload[1]):
            self._model.walk(coder)
            samples.append(tuple(self._model.values))
            for column, (name, lowest, highest) in enumerate(COLUMNS):
                if not lowest <= samples[-1][column] <= highest:
                    raise self._broken(min(coder.taken, len(payload)), name + " out of bounds")
        if coder.taken < len(payload):
            raise self._broken(coder.taken, "bytes left over")
        return samples

    def _broken(self, where: int, detail: str) -> JournalError:
        self._continues = False
        return JournalError("samples", where, detail)
