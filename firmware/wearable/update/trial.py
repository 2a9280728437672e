"""Which copy of the firmware runs and how it stands with it: the NVS record `app` (docs/UPDATE.md), beside main.py.

A new copy is on trial until it has proved itself: it has lived for a while, none of its tasks has died, and a gateway
has proved itself to it, so that it can at least be replaced again.
"""

import struct

from paceline_protocol.code_tables import ALERTS

FORMAT = "<BBBBI8s"  # runs, before, state, tries, blob, mark
FOLDERS = ("", "app_a", "app_b")  # by number; the first is what was flashed by cable
SETTLED, ON_TRIAL, ROLLED_BACK, TOLD = 0, 1, 2, 3  # state
TRIES = 3  # boots that a new copy has to prove itself

PROVEN_S = 120
PATIENCE_S = 8 * 3600  # without a gateway; then the next try

_SIZE = 16
_TEXT = 200  # bytes of `app_crash`, filled up with blanks
_REFUSED = ALERTS.index("update refused")
_BACK = ALERTS.index("update rolled back")
_IDLE = 0  # recorder.IDLE


class Trial:
    """The record, and the trial of the copy that runs. `deaths()` tells how many tasks have died since boot."""

    def __init__(self, kept) -> None:
        self._kept = kept
        data = kept.load("app", _SIZE) or bytes(_SIZE)
        self.runs, self.before, self.state, self.tries, self.blob, self.mark = struct.unpack(FORMAT, data)
        self.refusal = 0  # of REFUSALS, met by this boot and not told yet
        self.deaths = _none
        self._watched = None
        self._met = False

    @property
    def lasts(self) -> bool:
        """The copy that runs has not proved itself."""
        return self.state == ON_TRIAL

    @property
    def changed(self) -> bool:
        """This is the first boot of another copy than the last boot's."""
        return self.state == ROLLED_BACK or (self.lasts and self.tries == TRIES - 1)

    @property
    def spare(self) -> int:
        """The copy that the next update replaces."""
        return 2 if self.runs == 1 else 1

    def begin(self, blob: int, mark: bytes) -> None:
        """Have the spare copy run from the next boot on, on trial: the moment at which an update happens."""
        self.before, self.runs = self.runs, self.spare
        self.state, self.tries, self.blob, self.mark = ON_TRIAL, TRIES, blob, mark
        self._save()

    def count_attempt(self, attempts: int) -> None:
        """Keep how often installing was begun."""
        self.tries = attempts
        self._save()

    def watch(self, link, recorder, reset) -> None:
        """Take what shows whether the copy is sound, and `reset()` for the next try."""
        self._watched = (link, recorder, reset)

    def lived(self, t_s: int) -> None:
        """Judge the copy; to be called with each beat."""
        if not self.lasts or self._watched is None:
            return
        link, recorder, reset = self._watched
        self._met = self._met or link.trusted
        if t_s < PROVEN_S:
            return
        died = self.deaths()
        if self._met and not died:
            self.state, self.tries = SETTLED, 0
            self._save()
        elif (died or t_s >= PATIENCE_S) and recorder.state == _IDLE:
            reset()

    def tell(self, core) -> None:
        """Write what this boot has to say of updates, behind its BOOT record."""
        if self.refusal:
            core.alert(_REFUSED, self.refusal)
            self.refusal = 0
        if self.state == ROLLED_BACK:
            core.alert(_BACK, self.tries)
            text = self._kept.load("app_crash", _TEXT)
            if text:
                core.leave_crash("update: " + text.decode().strip())
                self._kept.save("app_crash", b"")
            self.state, self.tries = TOLD, 0
            self._save()

    def _save(self) -> None:
        fields = (self.runs, self.before, self.state, self.tries, self.blob, self.mark)
        self._kept.save("app", struct.pack(FORMAT, *fields))


def _none() -> int:
    return 0
