"""Brings blobs (settings, plan, GPS assistance, firmware, notices) onto one wearable, without I/O.

docs/PROTOCOL.md, Blobs. STATUS says which versions the wearable holds; of what differs one piece is out at a time. Each
PUT_OK says where to go on, so that a push which a cut ended goes on where it was. What the wearable refuses is not
offered again while the gateway lives; what it is too busy for comes again later. Of notices STATUS tells no version:
their first piece is put once in a connection, and the answer says whether they are held. A firmware that refuses it
knows no notices, and is offered none of any version until it is another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from paceline_protocol.code_tables import BLOB_KINDS
from paceline_protocol.layout import Fields

SETTINGS, PLAN, ASSISTANCE, FIRMWARE, NOTICES = (
    BLOB_KINDS.index(name) for name in ("settings", "plan", "gps assistance", "firmware", "notices")
)
PUT_OVERHEAD = 29
"""What of an ATT MTU is not the blob's: ATT 3, frame 12, kind of message 1, fields of PUT 13."""
ANSWER_S = 3.0
BUSY_S = 60.0
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob of a kind (BLOB_KINDS) in the server's version; a firmware's is major << 16 | minor << 8 | patch."""

    kind: int
    version: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a wearable refused for good: a blob, or with `kind_unknown` every blob of its kind."""

    blob: Blob
    kind_unknown: bool


class Push:
    """One connection's pushes; `refused` has what is not to be offered again and may outlive the connection.

    That is kind and version of a blob, or, of a kind that a firmware does not know, kind and firmware; the versions of
    notices are Unix seconds, which no firmware's number comes near.
    """

    def __init__(self, refused: set[tuple[int, int]] | None = None) -> None:
        self.refused = refused if refused is not None else set()
        self._firmware = 0
        self._done: set[tuple[int, int]] = set()
        self._waiting: list[Blob] = []
        self._now: Blob | None = None
        self._offset = 0
        self._sent_s: float | None = None
        self._tries = 0
        self._rest_until_s = 0.0

    @property
    def busy(self) -> bool:
        """Whether something is to be sent now; what the wearable is too busy for does not count until it is due."""
        return (self._now is not None or bool(self._waiting)) and not self._rest_until_s

    def offer(self, blobs: Iterable[Blob], status: Fields) -> None:
        """Take what the server wants; of it, what STATUS says the wearable lacks is sent."""
        held = held_versions(status)
        self._firmware = held[FIRMWARE]
        self._waiting = [
            blob
            for blob in blobs
            if held.get(blob.kind) != blob.version
            and (blob.kind, blob.version) not in self.refused | self._done
            and not (blob.kind == NOTICES and (NOTICES, self._firmware) in self.refused)
            and blob != self._now
            and not (blob.kind == FIRMWARE and status.recording)
        ]

    def next(self, now_s: float, mtu: int) -> dict[str, object] | None:
        """Return the fields of the PUT to send now, None when none is due."""
        if now_s < self._rest_until_s:
            return None
        self._rest_until_s = 0.0
        if self._now is None and self._waiting:
            self._now, self._offset, self._tries, self._sent_s = self._waiting.pop(0), 0, 0, None
        blob = self._now
        if blob is None or (self._sent_s is not None and now_s - self._sent_s < ANSWER_S):
            return None
        self._tries += 1
        if self._tries > MOST_TRIES:
            self._now = None  # the next connection tries again
            return None
        self._sent_s = now_s
        piece = blob.data[self._offset : self._offset + mtu - PUT_OVERHEAD]
        return {
            "kind": blob.kind,
            "version": blob.version,
            "total": len(blob.data),
            "offset": self._offset,
            "data": piece,
        }

    def answered(self, kind: int, version: int, offset: int) -> Blob | None:
        """Take a PUT_OK; return the blob that is whole on the wearable now, if one is."""
        blob = self._now
        if blob is None or (kind, version) != (blob.kind, blob.version) or offset > len(blob.data):
            return None
        if offset > self._offset:
            self._tries = 0
        self._offset, self._sent_s = offset, None
        if offset < len(blob.data):
            return None
        self._now = None
        self._done.add((kind, version))  # a firmware is held long before STATUS tells that it runs
        return blob

    def error(self, code: int, now_s: float) -> Refusal | None:
        """Take an ERROR 8 or 9 while a piece is out; return what is refused for good, if anything is."""
        blob, self._now = self._now, None
        if blob is None:
            return None
        if code == BUSY:
            self._rest_until_s = now_s + BUSY_S
            self._waiting.insert(0, blob)
            return None
        kind_unknown = blob.kind == NOTICES and self._offset == 0
        self.refused.add((blob.kind, self._firmware if kind_unknown else blob.version))
        return Refusal(blob, kind_unknown)

    @property
    def expects_answer(self) -> bool:
        """Whether a piece is out, so that an ERROR may be its answer."""
        return self._now is not None and self._sent_s is not None


BUSY, REFUSED = 8, 9
"""The ERROR codes that answer a PUT."""


def held_versions(status: Fields) -> dict[int, int]:
    """Return the version of each kind of blob that a wearable's STATUS tells; it tells none of notices."""
    return {
        SETTINGS: status.settings_version,
        PLAN: status.plan_version,
        ASSISTANCE: status.assistance_version,
        FIRMWARE: int.from_bytes(status.firmware, "big"),
    }
