"""The one error of this floor: what is wrong with an input, and where in it."""


class FormatError(ValueError):
    """Input that is no recording: `what` is a sentence for the user, `where` the place in it (byte, line, row)."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} ({where})")
        self.what = what
        self.where = where

    def __reduce__(self) -> tuple[type["FormatError"], tuple[str, str]]:
        return FormatError, (self.what, self.where)  # it comes whole from the process apart
