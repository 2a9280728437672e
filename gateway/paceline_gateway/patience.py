"""When an address may be tried again: a bounded memory of failures. Time and chance are arguments."""

from dataclasses import dataclass

from paceline_gateway.backoff import backoff_s

LONGEST_S = 60.0
LONGEST_UNREACHED_S = 20.0
"""Shorter where only the radio failed: who was at the edge of range and comes home is synced within 30 s."""
MOST_ADDRESSES = 256
"""Wearables change their addresses and anyone can advertise any number of them; the oldest are forgotten."""


@dataclass
class _Pause:
    failures: int
    until_s: float


class Patience:
    """Which addresses are paused, and for how long."""

    def __init__(self) -> None:
        self._pauses: dict[str, _Pause] = {}

    def may_try(self, address: str, now_s: float) -> bool:
        """Return whether the address is not paused now."""
        pause = self._pauses.get(address)
        return pause is None or now_s >= pause.until_s

    def worked(self, address: str) -> None:
        """Forget the address's failures."""
        self._pauses.pop(address, None)

    def failed(self, address: str, now_s: float, fraction: float, longest_s: float = LONGEST_S) -> float:
        """Pause the address, longer after each failure in a row; return for how long, in seconds."""
        before = self._pauses.get(address)
        failures = before.failures if before else 0
        wait_s = backoff_s(failures, fraction, longest_s=longest_s)
        self._keep(address, _Pause(failures + 1, now_s + wait_s))
        return wait_s

    def rest(self, address: str, now_s: float, wait_s: float) -> None:
        """Pause the address for this long: it is no wearable of ours."""
        self._keep(address, _Pause(0, now_s + wait_s))

    def _keep(self, address: str, pause: _Pause) -> None:
        self._pauses.pop(address, None)
        self._pauses[address] = pause
        while len(self._pauses) > MOST_ADDRESSES:
            del self._pauses[next(iter(self._pauses))]
