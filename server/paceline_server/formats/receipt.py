"""The receipt of a recording: what was recorded, what has arrived, and whether it is untouched."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Journal bytes that are not held: positions from (included) to (excluded)."""

    from_position: int
    to_position: int


def joined(gaps: Iterable[Gap]) -> list[Gap]:
    """Return the gaps in order, those that touch or overlap as one."""
    result: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: gap.from_position):
        if result and gap.from_position <= result[-1].to_position:
            result[-1] = Gap(result[-1].from_position, max(result[-1].to_position, gap.to_position))
        else:
            result.append(gap)
    return result


@dataclass(frozen=True, slots=True)
class Receipt:
    """Samples `recorded` by the device's own totals (None while it records) and `received` here.

    `sealed` says that the seals cover all of it and fit; a problem is a sentence that says where and what.
    """

    recorded: int | None
    received: int
    gaps: tuple[Gap, ...] = ()
    sealed: bool = False
    problems: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything that was recorded is here, once, and untouched."""
        return self.sealed and self.recorded == self.received and not self.gaps and not self.problems

    def as_fields(self) -> dict[str, object]:
        """Return the receipt as the API shows it."""
        return {
            "recorded": self.recorded,
            "received": self.received,
            "gaps": [{"from": gap.from_position, "to": gap.to_position} for gap in self.gaps],
            "sealed": self.sealed,
            "problems": list(self.problems),
            "whole": self.whole,
        }
