"""Sends the assistance data of the newest blob to a u-blox receiver that has no fix: one frame, one answer."""

from . import assistance

_LOOK_EVERY = 100  # calls of step() between two looks for a blob
_PATIENCE = 25  # calls of step() until a frame is sent once more
_TRIES = 3


class Assistant:
    """`sent`, `used` and `left_out` count the frames of this blob, `failures` the blobs that were given up.

    `blobs` opens them (see BlobStore.open), `now_2020_s()` gives UTC or 0.
    """

    def __init__(self, blobs, ublox, now_2020_s) -> None:
        self._blobs = blobs
        self._ublox = ublox
        self._now_2020_s = now_2020_s
        self._file = None
        self._version = -1  # of the blob last sent
        self._idle = 0
        self._frame = b""
        self._made_2020_s = 0
        self._answers = 0
        self._waited = 0
        self._tries = 0
        self.sent = 0
        self.used = 0
        self.left_out = 0
        self.failures = 0

    def restart(self) -> None:
        """The receiver was started anew and knows nothing."""
        self._stop()
        self._version = -1
        self._idle = 0

    def step(self, needed: bool) -> bool:
        """Go on, at most by one frame; True while sending, when it should be called every few milliseconds."""
        if self._file is None:
            if not needed or not self._now_2020_s():
                return False
            self._idle -= 1
            if self._idle >= 0:
                return False
            self._idle = _LOOK_EVERY
            return self._open()
        if self._ublox.assisted != self._answers and self._ublox.assistance_id == self._frame[3]:
            self.used += self._ublox.assistance_used
            return self._send_next()
        self._waited += 1
        if self._waited > _PATIENCE:
            if self._tries == _TRIES:
                self.failures += 1
                self._stop()
                return False
            self._send()
        return True

    def _open(self) -> bool:
        opened = self._blobs.open(assistance.KIND)
        if opened is None:
            return False
        version, file = opened
        first = None if version == self._version else assistance.next_frame(file)
        self._version = version
        if not first:
            file.close()
            return False
        self._file = file
        self.sent = self.used = self.left_out = 0
        self._made_2020_s = assistance.time_2020_s(first)
        self._begin(assistance.time_frame(first, self._now_2020_s()))
        return True

    def _send_next(self) -> bool:
        now = self._now_2020_s()
        while True:
            frame = assistance.next_frame(self._file)
            if not frame:
                self._stop()
                return False
            if assistance.fresh(frame, self._made_2020_s, now):
                self._begin(frame)
                return True
            self.left_out += 1

    def _begin(self, frame: bytes) -> None:
        self._frame = frame
        self._tries = 0
        self.sent += 1
        self._send()

    def _send(self) -> None:
        self._answers = self._ublox.assisted
        self._waited = 0
        self._tries += 1
        self._ublox.assist(self._frame)

    def _stop(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None
        self._frame = b""
