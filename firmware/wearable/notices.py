"""What the current wearer is told on the screen, out of the notices blob (docs/WRIST.md): each until it is dismissed.

Only the notice that waits is kept parsed; the greatest number that was dismissed of each slot is in the NVS.
"""

import struct

from paceline_protocol.records import DISMISSED, pack_fields

from .alerts import NOTICE
from .calendar import DAY_S, UNIX_2020_S

KIND = 5  # of the blob
_NAME = "notices"
_FORMAT = "<8I"  # of each slot the greatest number that was dismissed
_SIZE = 32


def check(file) -> str:
    """Return what is wrong with a notices blob that is open at its first byte, "" when nothing is."""
    from paceline_protocol.wrist_notices import check as wrong  # here, because many a wearable never has one

    return wrong(file.read())


class Notices:
    """`number` of the notice that waits, 0 for none, its `title` and `text`; `shown` is that number while it is shown.

    `blobs` has the blob (see BlobStore). look() is to be called when a new one is whole.
    """

    def __init__(self, blobs, kept, users, clock, alerts, journal) -> None:
        self._blobs = blobs
        self._journal = journal
        self._kept = kept
        self._users = users
        self._clock = clock
        self._alerts = alerts
        self.number = self.shown = 0
        self.title = self.text = b""
        self._told_s = self._quiet_from_s = self._quiet_until_s = 0  # in 2020 seconds
        self._felt = 0
        self._user = None  # whose notices were looked through
        self._dismissed = list(struct.unpack(_FORMAT, kept.load(_NAME, _SIZE) or bytes(_SIZE)))

    def look(self) -> None:
        """Find the notice that waits for the current user."""
        self._user = user = self._users.current
        self.number = 0
        found = self._blobs.get(KIND)
        if found is None:
            return
        from paceline_protocol.wrist_notices import NOTICE_FORMAT, notice_at
        from paceline_protocol.wrist_notices import check as wrong

        data = found[1]
        if wrong(data):
            return
        now = self._clock.utc_2020_s()
        for place in range(data[1]):
            number, slot, told, quiet_from, quiet_until, title, text = struct.unpack_from(
                NOTICE_FORMAT, data, notice_at(place)
            )
            told -= UNIX_2020_S
            if slot == user.slot and number > self._dismissed[slot] and (not now or now - told < DAY_S):
                self.number, self._told_s = number, told
                self._quiet_from_s = quiet_from - UNIX_2020_S
                self._quiet_until_s = quiet_until - UNIX_2020_S
                self.title, self.text = title.rstrip(b"\0"), text.rstrip(b"\0")
                return

    def second(self, recording: bool) -> None:
        """Look whether the notice may be shown now, and tell the motor; to be called once a second."""
        if self._user is not self._users.current:
            self.look()
        now = self._clock.utc_2020_s()
        if self.number and now and now - self._told_s >= DAY_S:
            self.look()
        number = self.number
        if not number or not now or recording:
            self.shown = 0
        elif number == self._felt:
            self.shown = number
        elif now < self._quiet_from_s or now >= self._quiet_until_s:
            self.shown = self._felt = number
            self._alerts.buzz(NOTICE)

    def dismiss(self) -> None:
        """The wearer has seen the notice that is shown: it never comes again, and the journal tells so."""
        user = self._users.current
        if self.shown and self.shown == self.number and self._user is user:
            self._dismissed[user.slot] = self.number
            self._kept.save(_NAME, struct.pack(_FORMAT, *self._dismissed))
            self._journal.append(DISMISSED, pack_fields(DISMISSED, self._clock.t_s(), self.number, user.slot))
        self.shown = 0
        self.look()
