"""What can stop the line; the command shows it as one message."""


class LineError(Exception):
    """The line cannot start or go on: `what` for the user, and `hint`, what to do about it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(f"{what}. {hint}".rstrip())
        self.what = what
        self.hint = hint
