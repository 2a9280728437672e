"""Counts boots that did not live long, so that a wearable that cannot run still lets itself be reached and repaired."""

from .update.trial import PROVEN_S, Trial

_POWER_ON = 1  # machine.PWRON_RESET, which is also a BOOT record's cause
_SHORT_LIVES = 3


class ShortLives:
    """Boots in a row, since the power came, that died within PROVEN_S; kept in the NVS.

    `trial` is how it stands with an update; `beats` are called with device seconds whenever lived() is.
    """

    def __init__(self, kept, cause: int) -> None:
        """Count this boot as one that has still to prove itself."""
        self._kept = kept
        before = kept.load("lives", 1)
        self._count = 0 if before is None or cause == _POWER_ON else before[0]
        self._proven = False
        self.trial = Trial(kept)
        self.beats = []
        kept.save("lives", bytes((min(self._count + 1, 255),)))

    @property
    def safe_mode(self) -> bool:
        """This boot should run nothing but journal and link; a copy on trial is rather replaced by the one before."""
        return self._count >= _SHORT_LIVES and not self.trial.lasts

    def lived(self, t_s: int) -> None:
        """Tell how long this boot has run; it is proven after PROVEN_S."""
        if not self._proven and t_s >= PROVEN_S:
            self._proven = True
            self._kept.save("lives", b"\0")
        for beat in self.beats:
            beat(t_s)
