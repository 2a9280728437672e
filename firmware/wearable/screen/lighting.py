"""When the display is lit: after each press and each event of a workout, and throughout one when it is set so."""

LIT_S = 15


class Lighting:
    """A pure policy over device seconds."""

    def __init__(self) -> None:
        self._until_s = 0

    def touch(self, now_s: int) -> None:
        """A button was pressed, or there is something to see."""
        self._until_s = now_s + LIT_S

    def lit(self, now_s: int, recording: bool, always_on: int) -> bool:
        """Whether the display shall be lit."""
        return now_s < self._until_s or (recording and always_on != 0)
