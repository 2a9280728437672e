"""Who wears the wearable: users and zones out of the settings blob (docs/WRIST.md), the slot chosen on the wrist.

The blob stays as its bytes; only the current user is kept parsed.
"""

import struct

from paceline_protocol import wrist_settings as blob

KIND = 1  # of the blob
_NAME = "wearer"
_FORMAT = "<BbI"  # slot, zone_quarters, version of the blob whose zone was taken
_SIZE = 6


def check(file) -> str:
    """Return what is wrong with a settings blob that is open at its first byte, "" when nothing is."""
    return blob.check(file.read())


class User:
    """One user, all numbers whole: the fields of docs/WRIST.md; `name` without its zeros, 0 for what is not known."""

    # What the fields name, for type checkers.
    slot: int
    name: bytes
    birth_year: int
    sex: int
    weight_hg: int
    height_cm: int
    max_heart_rate_bpm: int
    resting_heart_rate_bpm: int
    zones_bpm: bytes
    zone_low: int
    zone_high: int
    auto_pause: int
    auto_lap_m: int
    auto_lap_s: int
    pool_cm: int
    daily_steps: int

    def __init__(self, values) -> None:
        """Take the values in the order of the blob's table."""
        names = blob.USER.split(" ")
        for i in range(len(names)):
            setattr(self, names[i].split(":")[0], values[i])
        self.name = blob.name_of(self.name)


class Users:
    """`current` user; `zone_quarters` of an hour east of UTC, which the wrist may set, and keep(), until the next blob
    does.

    `hide_live`, `rotate_address`, `record_rr` and `record_ppg` are what the settings ask for.
    `blobs` has the blob (see BlobStore). A missing or damaged one leaves one user of slot 0 about whom nothing is
    known. `chosen` is called whenever `current` has become another or was read anew.
    """

    def __init__(self, blobs, kept) -> None:
        self._blobs = blobs
        self._kept = kept
        self._data = b""
        self.version = 0  # of the blob in use, 0 none
        self.chosen = _nobody
        kept_state = kept.load(_NAME, _SIZE)
        self._slot, self.zone_quarters, self._zone_version = struct.unpack(_FORMAT, kept_state or bytes(_SIZE))
        self.changed()

    def changed(self) -> None:
        """Read the blob again; to be called when a new one is whole."""
        self.version, self._data = self._blobs.get(KIND) or (0, b"")
        if blob.check(self._data):
            self.version, self._data = 0, b""
        elif self._data[2] and self.version != self._zone_version:
            self.zone_quarters, self._zone_version = self._data[2] - blob.ZONE_UTC, self.version
            self.keep()
        flags = self._data[1] if self._data else 0
        self.hide_live = bool(flags & blob.HIDE_LIVE)
        self.rotate_address = bool(flags & blob.ROTATE_ADDRESS)
        self.record_rr = bool(flags & blob.RECORD_RR)
        self.record_ppg = bool(flags & blob.RECORD_PPG)
        self.choose(self._slot)

    @property
    def slots(self) -> bytes:
        """The slots of all users, at least one."""
        return bytes([self._data[blob.user_at(i)] for i in range(self._data[3])]) if self._data else b"\0"

    @property
    def users(self) -> "list[User]":
        """All users, made anew at each call."""
        return [self.user(slot) for slot in self.slots]

    @property
    def many(self) -> bool:
        """Whether there is more than one user."""
        return bool(self._data) and self._data[3] > 1

    def user(self, slot: int) -> User:
        """Return the user of a slot; one about whom nothing is known for a slot that is not there."""
        place = self.place(slot)
        if place < 0:
            return User((slot, b"", 0, 0, 0, 0, 0, 0, bytes(blob.ZONES), 0, 0, 0, 0, 0, blob.USUAL_POOL_CM, 0))
        return User(struct.unpack_from(blob.USER_FORMAT, self._data, blob.user_at(place)))

    def place(self, slot: int) -> int:
        """Return the place of a slot in the blob, −1 when it is not there."""
        return self.slots.find(bytes((slot,))) if self._data else -1

    def goal(self, place: int, goal: int):
        """Return the fields of a goal, 0–2, as the blob's table names them."""
        return struct.unpack_from(blob.GOAL_FORMAT, self._data, blob.goal_at(place, goal))

    def choose(self, slot: int) -> None:
        """Let the user of a slot be the current one, the first when it is not there; outlives a reset."""
        slots = self.slots
        slot = slot if slot in slots else slots[0]
        self.current = self.user(slot)
        if slot != self._slot:
            self._slot = slot
            self.keep()
        self.chosen()

    def choose_next(self) -> None:
        """Let the next user be the current one."""
        slots = self.slots
        self.choose(slots[(slots.find(bytes((self._slot,))) + 1) % len(slots)])

    def keep(self) -> None:
        """Keep slot and time zone, when they are others than the kept ones: the NVS wears."""
        data = struct.pack(_FORMAT, self._slot, self.zone_quarters, self._zone_version)
        if data != self._kept.load(_NAME, _SIZE):
            self._kept.save(_NAME, data)

    @property
    def counted(self) -> "tuple[int, int]":
        """Epoch and position: what of the journal the goals' `done` counts; (0, 0) nothing."""
        return struct.unpack_from("<II", self._data, 4) if self._data else (0, 0)


def _nobody() -> None:
    pass
