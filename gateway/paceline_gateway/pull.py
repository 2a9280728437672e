"""One sync of one wearable as a state machine without I/O: frames and time in, actions out (actions.py).

    start → HELLO …… AUTH → STATUS → SET_TIME, Begin → READ → DATA … → Sync → ACK, CREDIT → DATA … (for ever)

The rules:
- `cursor` is the next byte wanted; DATA at or below it is written (the spool compares what it has), DATA above it tells
  that a notification was lost: it is dropped and reading begins again at the cursor.
- At most WINDOW credits are out. They are renewed, with the ACK, only when the bytes received for them are durable.
- The wearable goes on sending as its journal grows. STATUS, asked for when all is quiet, shows a loss at the very end.
- What the server wants on the wearable is pushed (push.py) once the journal was caught up with.
- Another epoch begins another journal. Bytes that the wearable no longer holds are a gap: the spool begins a new file.
- A PullError ends the connection; what was stored stays, and the next connection goes on there.
"""

from paceline_protocol.layout import Fields
from paceline_protocol.messages import ACK, CREDIT, DATA, ERROR, GET_STATUS, PUT, PUT_OK, READ, SET_TIME, STATUS

from paceline_gateway.actions import Action, Begin, Instant, Send, Sync, Write
from paceline_gateway.errors import PullError
from paceline_gateway.link_session import AesEcb, Known, LinkSession
from paceline_gateway.push import BUSY, REFUSED, Blob, Push, Refusal

WINDOW = 64
LONGEST_DATA = 512  # an attribute value cannot be longer
GREETING_S = 10.0  # from HELLO to the first STATUS
SETTLE_S = 0.3  # quiet time after which what was received is made durable
STALL_S = 2.0  # without data although there is some: read again
ASK_RECORDING_S = 5.0
ASK_S = 15.0
SILENCE_S = 45.0  # nothing at all, although asked: the link is dead
CLOCK_OFF_S = 2
SET_TIME_AGAIN_S = 600.0
EARLIEST_UTC_MS = 1_735_689_600_000  # 2025: a clock before this was never set, as on a Raspberry Pi without network
MOST_REFUSALS = 5

_MOVED = (6, 7)  # wrong epoch, not held
_FINAL = (2, 3, 9)  # version, not authenticated, refused


class Pull:
    """See the module. `nonce` is 16 fresh random bytes, `known(alias)` (device id, key), None for a stranger's."""

    def __init__(self, nonce: bytes, known: Known, aes_ecb: AesEcb, push: Push | None = None) -> None:
        self.link = LinkSession(nonce, known, aes_ecb)
        self.push = push or Push()
        self.desired: tuple[Blob, ...] = ()
        self.refused: Refusal | None = None  # the last one
        self.status: Fields | None = None
        self.epoch = 0
        self.start_position = 0
        self.cursor = 0
        self.durable = 0
        self.end = 0
        self.lost = 0  # times that reading began again
        self._confirmed = 0
        self._reading = False
        self._was_caught_up = False
        self._rereading_after: int | None = None
        self._outstanding = 0
        self._refusals = 0
        self._sync_asked = False
        self._started_s = self._heard_s = self._data_s = self._asked_s = 0.0
        self._time_set_s: float | None = None

    @property
    def device_id(self) -> bytes:
        """The wearable's proven id, b"" before it is proven."""
        return self.link.device_id

    @property
    def caught_up(self) -> bool:
        """Whether all that the wearable was known to hold is durable here."""
        return self._reading and self.durable >= self.end

    @property
    def settled(self) -> bool:
        """Whether the journal is caught up with and nothing waits to be pushed."""
        if self.status is not None:
            self.push.offer(self.desired, self.status)
        return self.caught_up and not self.push.busy

    def start(self, at: Instant) -> list[Action]:
        """Begin; to be called once the data characteristic is subscribed."""
        self._started_s = self._heard_s = self._data_s = self._asked_s = at.monotonic_s
        return [self.link.start()]

    def frame(self, frame: bytes, at: Instant) -> list[Action]:
        """Take one notification; PullError ends the connection."""
        received = self.link.receive(frame)
        if received is None:
            return []
        self._heard_s = at.monotonic_s
        if isinstance(received, Send):
            return [received]
        kind, fields = received
        if kind == STATUS:
            return self._on_status(fields, at)
        if kind == DATA and self._reading:
            return self._on_data(fields.position, fields.data, at)
        if kind == ERROR:
            return self._on_error(fields, at)
        if kind == PUT_OK:
            whole = self.push.answered(fields.kind, fields.version, fields.offset)
            return [*(self._ask(at) if whole else []), *self._push(at)]
        return []  # answers to what other parts of the gateway ask, and DATA of a reading that is over

    def began(self, cursor: int, durable: int, confirmed: int, at: Instant) -> list[Action]:
        """Take the journal's state after Begin: `cursor` wanted next, `durable`, and `confirmed` by the server."""
        if cursor > self.end:
            detail = f"the wearable's journal {self.epoch:08x} ends there, but {cursor} bytes were received before"
            raise PullError("shrunk", self.end, detail)
        self.cursor, self.durable, self._confirmed = cursor, durable, min(confirmed, durable)
        self._reading = True
        self._data_s = at.monotonic_s
        return [self._ack(), *self._read()]

    def synced(self, position: int) -> list[Action]:
        """Take the answer to Sync: everything up to the position is durable. Only now it is acknowledged."""
        self._sync_asked = False
        if not self._reading:
            return []
        self.durable = position
        actions: list[Action] = [self._ack()]
        if self._outstanding <= WINDOW // 2 and self._rereading_after is None:
            actions.append(self.link.seal(CREDIT, credits=WINDOW - max(self._outstanding, 0)))
            self._outstanding = WINDOW
        return actions

    def confirm(self, epoch: int, position: int) -> list[Action]:
        """Tell the wearable that the server holds the epoch's journal up to the position."""
        confirmed = min(position, self.durable)
        if not self._reading or epoch != self.epoch or confirmed <= self._confirmed:
            return []
        self._confirmed = confirmed
        return [self._ack()]

    def tick(self, at: Instant) -> list[Action]:
        """Let time pass, about four times a second; PullError "silent" when the link is dead."""
        now_s = at.monotonic_s
        if not self._reading:
            if now_s - self._started_s > GREETING_S:
                raise PullError("silent", 0, "the wearable did not answer the greeting")
            return self._ask(at) if self.link.ready and now_s - self._asked_s >= STALL_S else []
        if now_s - self._heard_s > SILENCE_S:
            raise PullError("silent", self.cursor, f"nothing heard for {SILENCE_S:.0f} s")
        quiet_s = now_s - self._data_s
        if self.cursor > self.durable:
            return self._sync() if quiet_s >= SETTLE_S else []
        if quiet_s >= STALL_S and (self.cursor < self.end or self._rereading_after is not None):
            self._data_s = now_s
            return self._reread()
        if pushed := self._push(at):
            return pushed
        ask_s = ASK_RECORDING_S if self.status is not None and self.status.recording else ASK_S
        return self._ask(at) if now_s - max(self._asked_s, self._data_s) >= ask_s else []

    def _push(self, at: Instant) -> list[Action]:
        self._was_caught_up = self._was_caught_up or self.caught_up
        if not self._was_caught_up or self.status is None:
            return []
        self.push.offer(self.desired, self.status)
        fields = self.push.next(at.monotonic_s, self.link.mtu)
        return [] if fields is None else [self.link.seal(PUT, **fields)]

    def _ask(self, at: Instant) -> list[Action]:
        self._asked_s = at.monotonic_s
        return [self.link.seal(GET_STATUS)]

    def _on_status(self, status: Fields, at: Instant) -> list[Action]:
        if not status.epoch or status.start > status.end:
            raise PullError(
                "malformed", status.start, f"STATUS says {status.start} to {status.end} of {status.epoch:08x}"
            )
        self.status = status
        actions = self._set_time(status, at)
        if self._reading and status.epoch == self.epoch and status.start <= self.cursor:
            # Data may be on its way; if not, the next ticks see that the cursor stays below the end.
            self.end = max(self.end, status.end)
            return actions
        if self._reading:
            actions += [Sync()] if self.cursor > self.durable else []
            self._reading = False
            self._started_s = at.monotonic_s
        self.epoch, self.start_position, self.end = status.epoch, status.start, status.end
        return [*actions, Begin(self.device_id, status.epoch, status.start)]

    def _on_data(self, position: int, data: bytes, at: Instant) -> list[Action]:
        if not 0 < len(data) <= LONGEST_DATA or position < self.start_position:
            raise PullError("malformed", position, f"DATA of {len(data)} bytes")
        if position > self.cursor:
            return self._on_jump(position)
        self._data_s = at.monotonic_s
        self._outstanding -= 1
        if self._outstanding < -WINDOW:
            raise PullError("credits", position, f"the wearable sent {WINDOW} frames more than it may")
        grew = position + len(data) > self.cursor
        if grew:
            self.cursor = position + len(data)
            self._rereading_after = None
            self._refusals = 0
        self.end = max(self.end, self.cursor)
        actions: list[Action] = [Write(position, data)]
        if (grew and self.cursor == self.end) or self._outstanding <= WINDOW // 2:
            actions += self._sync()
        return actions

    def _on_jump(self, position: int) -> list[Action]:
        """A notification before this one was lost; what is still on its way is dropped until the cursor comes."""
        still_old = self._rereading_after is not None and position > self._rereading_after
        self._rereading_after = position
        # A position that steps back belongs to the new reading, whose first frame was lost as well.
        return [] if still_old else self._reread(position)

    def _on_error(self, error: Fields, at: Instant) -> list[Action]:
        if error.code in (BUSY, REFUSED) and self.push.expects_answer:
            self.refused = self.push.error(error.code, at.monotonic_s) or self.refused
            return []
        self._refusals += 1
        if error.code in _FINAL or self._refusals > MOST_REFUSALS:
            raise PullError("refused", error.position, f"the wearable answered error {error.code}")
        # Formatted or overwritten meanwhile: the journal's new bounds tell where to go on. Else (busy, or a frame of
        # ours was damaged) the ticks ask again.
        return [self.link.seal(GET_STATUS)] if error.code in _MOVED else []

    def _set_time(self, status: Fields, at: Instant) -> list[Action]:
        off_s = abs(at.utc_ms // 1000 - status.utc_s)
        recently = self._time_set_s is not None and at.monotonic_s - self._time_set_s < SET_TIME_AGAIN_S
        if off_s <= CLOCK_OFF_S or recently or at.utc_ms < EARLIEST_UTC_MS:
            return []
        self._time_set_s = at.monotonic_s
        return [self.link.seal(SET_TIME, utc_ms=at.utc_ms)]

    def _read(self) -> list[Action]:
        self._outstanding = WINDOW
        return [self.link.seal(READ, epoch=self.epoch, position=self.cursor, credits=WINDOW)]

    def _reread(self, after: int | None = None) -> list[Action]:
        self.lost += 1
        self._rereading_after = after
        # READ gives a new window, so what came for the old one is made durable first.
        return [*self._sync(), *self._read()] if self.cursor > self.durable else self._read()

    def _sync(self) -> list[Action]:
        if self._sync_asked or self.cursor == self.durable:
            return []
        self._sync_asked = True
        return [Sync()]

    def _ack(self) -> Send:
        return self.link.seal(ACK, epoch=self.epoch, position=self.durable, confirmed=self._confirmed)
