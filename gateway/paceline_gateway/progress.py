"""What a person reads while a wearable is pulled: few lines, each with a name, an amount and how far it is."""

from collections.abc import Callable

EVERY_S = 2.0
LIVE_EVERY_S = 60.0


class Progress:
    """Lines for one connection. `say` takes a finished line, `pulled` every (start, durable, end)."""

    def __init__(
        self,
        name: str,
        say: Callable[[str], None],
        pulled: Callable[[int, int, int], None] = lambda _start, _durable, _end: None,
    ) -> None:
        self._name = name
        self._say = say
        self._pulled = pulled
        self._first: int | None = None
        self._said_at: int | None = None
        self._said_s = 0.0
        self._caught_up = False

    def show(self, start: int, durable: int, end: int, now_s: float) -> None:
        """Tell that [start, durable) of [start, end) is safe here, unless that was told a moment ago."""
        self._pulled(start, durable, end)
        if self._first is None:
            self._first = self._said_at = durable
            self._said_s = now_s
        caught_up = durable >= end
        pause_s = LIVE_EVERY_S if self._caught_up and caught_up else EVERY_S
        became_whole = caught_up and not self._caught_up
        self._caught_up = caught_up or (self._caught_up and end - durable < 4096)
        if not became_whole and (durable == self._said_at or now_s - self._said_s < pause_s):
            return
        self._said_at, self._said_s = durable, now_s
        share = 100 if end <= start else 100 * (durable - start) // (end - start)
        rest = ", up to date" if caught_up else f" of {amount(end - start)}"
        self._say(f"{self._name}: pulled {amount(durable - self._first)}, at {share} %{rest}")


def amount(count: int) -> str:
    """Return a number of bytes as people write it."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1_000_000:.1f} MB"
