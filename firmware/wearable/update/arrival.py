"""Firmware that gateways PUT: who may, when, and when the board restarts to install it (docs/UPDATE.md)."""

import os

from paceline_protocol.code_tables import ALERTS
from paceline_protocol.errors import LinkError

from .trial import ROLLED_BACK, TOLD

KIND = 4  # of the blob, see PROTOCOL.md

_LONGEST = 524_288  # MAX_TOTAL of a bundle, which is not imported for this
_REFUSED = ALERTS.index("update refused")
_IDLE = 0  # recorder.IDLE
_LAST_WORD_S = 3  # the answer to the last piece leaves before the reset


def arrived(board) -> bool:
    """Whether a whole bundle waits for being installed."""
    try:
        os.stat(blob_path(board))
        return True
    except OSError:
        return False


def blob_path(board) -> str:
    """Return where a whole bundle lies, behind version and total as u32."""
    return f"{board.BLOB_FOLDER}/{KIND}.blob"


class Arrival:
    """Judges firmware for one wearable; `alert(code, value)` writes an ALERT record."""

    def __init__(self, board, device_key: bytes, trial, recorder, alert) -> None:
        self._board = board
        self._device_key = device_key
        self._trial = trial
        self._recorder = recorder
        self._alert = alert
        self._arrived = arrived(board)
        self._since_s = 0

    def gate(self, version: int, total: int) -> bool:
        """Return whether this blob is installed already; LinkError says why a piece of it is not taken now."""
        trial = self._trial
        if trial.blob == version:
            if trial.state in (ROLLED_BACK, TOLD):
                raise LinkError("refused", 0, "this firmware failed before")
            if trial.mark != bytes(8):
                return True
        if self._recorder.state != _IDLE:
            raise LinkError("busy", 0, "a workout is recorded")
        if trial.lasts or self._arrived:
            raise LinkError("busy", 0, "an update is under way")
        if not 0 < total <= _LONGEST:
            raise LinkError("refused", 0, f"firmware of {total} bytes is too large")
        return False

    def check(self, file) -> str:
        """Return what is wrong with a whole blob that is open at its first byte, "" when nothing is."""
        from .install import judge  # here, because it is seldom needed

        self._arrived, refusal, text = judge(file, self._board.NAME, self._device_key, self._trial)
        if text:
            self._alert(_REFUSED, refusal)
        return text

    def beat(self, t_s: int) -> None:
        """Restart to install what has arrived, never within a workout."""
        if not self._arrived:
            return
        if self._recorder.state != _IDLE:
            self._since_s = 0
        elif not self._since_s:
            self._since_s = t_s
        elif t_s - self._since_s >= _LAST_WORD_S:
            self._board.reset()
