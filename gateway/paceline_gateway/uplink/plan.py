"""What to send next of one journal, and how long to wait: decisions without I/O, clock or chance."""

from dataclasses import dataclass, replace

from paceline_gateway.backoff import backoff_s
from paceline_gateway.uplink.answers import Answer, Differs, Gap, Held, Later, Refused, TooLarge

LARGEST_RANGE = 64 * 1024
SMALLEST_RANGE = 1024
MOST_JUMPS = 3
STUCK_WAIT_S = 600.0


@dataclass(frozen=True)
class Step:
    """What an answer leads to: how long to wait before the next range, and the line to tell the owner, if any.

    `for_all`: the trouble is the server's, not this journal's, so every journal waits.
    """

    wait_s: float = 0.0
    say: str = ""
    loud: bool = False
    for_all: bool = False


class UploadPlan:
    """One journal's way to the server: `position` is sent next; `stopped` after a contradiction that needs a person.

    What lies before `start` this gateway can never bring: the wearable had overwritten it, or the server had confirmed
    it and has lost it since. When the server asks for it, `over_gap` says that the range from `start` on is to be sent
    with the declaration that it is gone; should another gateway have it, the server takes it from there later.
    """

    def __init__(self, start: int, uploaded: int) -> None:
        self.start = start
        self.position = uploaded
        self.stopped = False
        self._declares_gap = False
        self._best = uploaded
        self._size = LARGEST_RANGE
        self._failures = 0
        self._jumps = 0
        self._said = ""

    @property
    def over_gap(self) -> bool:
        """Whether the next range is to be sent as what follows a gap."""
        return self._declares_gap and self.position == self.start

    def next_range(self, durable: int) -> tuple[int, int] | None:
        """Return (position, length) to send, None when the server has all or nothing may be sent."""
        if self.stopped or self.position >= durable:
            return None
        return self.position, min(self._size, durable - self.position)

    def answered(self, answer: Answer, durable: int, fraction: float) -> Step:
        """Go on from the answer to the range that next_range gave; `fraction` in [0, 1) is drawn by the caller."""
        if isinstance(answer, Held):
            return self._held(answer.position, durable, fraction)
        if isinstance(answer, Gap):
            return self._gap(answer.expected, durable, fraction)
        if isinstance(answer, Differs):
            self.stopped = True
            detail = "nothing more of this journal is sent; look at it with `paceline-gateway inspect`"
            return Step(
                STUCK_WAIT_S, f"the server holds other bytes from position {answer.position} on: {detail}", loud=True
            )
        if isinstance(answer, TooLarge):
            if self._size > SMALLEST_RANGE:
                self._size = max(self._size // 2, SMALLEST_RANGE)
                return Step()
            return self._stuck(f"the server refuses even {SMALLEST_RANGE} bytes as too large", fraction)
        if isinstance(answer, Refused):
            return replace(self._stuck(answer.problem, fraction), for_all=answer.for_all)
        return self.failed(answer, fraction, for_all=True)

    def failed(self, answer: Later, fraction: float, *, for_all: bool = False) -> Step:
        """Wait, longer after each failure in a row; the same problem is told once."""
        wait_s = backoff_s(self._failures, fraction)
        self._failures += 1
        return Step(max(wait_s, answer.wait_s or 0.0), self._once(answer.problem), for_all=for_all)

    def _held(self, position: int, durable: int, fraction: float) -> Step:
        if position <= self.position:
            return self.failed(Later(f"the server took bytes at {self.position} but holds only {position}"), fraction)
        self.position = min(position, durable)
        self._failures = 0
        if self.position > self._best:  # a server that only goes back and forth makes no progress
            self._best = self.position
            self._jumps = 0
        say = "the server takes ranges again" if self._said else ""
        self._said = ""
        return Step(say=say)

    def _gap(self, expected: int, durable: int, fraction: float) -> Step:
        if expected < self.start and not self._declares_gap:
            self._declares_gap = True
            self.position = self.start
            lost = f"bytes {expected} to {self.start} are gone: neither the wearable nor this gateway holds them"
            return Step(say=lost, loud=True)
        if not self.start <= expected <= durable:
            held = f"{self.start} to {durable}"
            return self._stuck(f"the server wants position {expected}, but here are only {held}", fraction)
        self._jumps += 1
        if expected == self.position or self._jumps > MOST_JUMPS:
            return self.failed(Later(f"the server keeps asking for position {expected}"), fraction)
        self.position = expected
        return Step()

    def _stuck(self, problem: str, fraction: float) -> Step:
        return Step(STUCK_WAIT_S * (0.5 + 0.5 * fraction), self._once(problem), loud=True)

    def _once(self, problem: str) -> str:
        if problem == self._said:
            return ""
        self._said = problem
        return problem
