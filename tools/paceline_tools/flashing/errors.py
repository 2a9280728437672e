"""What goes wrong while a board is flashed."""


class FlashingError(Exception):
    """A step failed; `then` is what to do next. Nothing that was done before is lost: every step can be repeated."""

    def __init__(self, what: str, then: str) -> None:
        super().__init__(f"{what}\n  → {then}")
        self.what = what
        self.then = then
