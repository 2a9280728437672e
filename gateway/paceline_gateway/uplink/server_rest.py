"""When the server as a whole is in trouble, none of its uploaders asks it: each would only wait for the same answer."""


class ServerRest:
    """Shared by all uploads to one server; times are monotonic seconds."""

    def __init__(self) -> None:
        self._until_s = 0.0

    def begin(self, now_s: float, wait_s: float) -> None:
        """Let the server alone for `wait_s` from now, or for longer when that was agreed."""
        self._until_s = max(self._until_s, now_s + wait_s)

    def left_s(self, now_s: float) -> float:
        """Return for how long yet, 0 when it may be asked."""
        return max(self._until_s - now_s, 0.0)
