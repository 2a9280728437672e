"""What a board finds of its parts: asked once over the prompt, each part told as found or missing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.hardware.description import Board

_ASK = """
import json, time, gc
import board
told = {"i2c": list(board.i2c.scan())}
heard = 0
until = time.ticks_add(time.ticks_ms(), 1500)
while heard < 16 and time.ticks_diff(until, time.ticks_ms()) > 0:
    heard += board.gps_uart.any()
    board.gps_uart.read()
    time.sleep_ms(50)
told["gps"] = heard
told["buttons"] = [board.start_button.value() == board.PRESSED, board.lap_button.value() == board.PRESSED]
told["journal"] = board.journal_flash.ioctl(4, 0)
board.vibration.value(1)
time.sleep_ms(200)
board.vibration.value(0)
gc.collect()
told["free"] = gc.mem_free()
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Finding:
    """One part: whether it is there, and what to look at when it is not; `must` tells that the wearable needs it."""

    name: str
    found: bool
    advice: str
    must: bool = True

    @property
    def line(self) -> str:
        """The finding in one line."""
        word = "found  " if self.found else "MISSING" if self.must else "absent "
        return f"{word}  {self.name}" + ("" if self.found else f": {self.advice}")


def self_test(prompt: Prompt, described: Board) -> list[Finding]:
    """Ask the board for its parts; FlashingError when board.py itself does not run."""
    try:
        told = json.loads(prompt.run(_ASK))
    except (ValueError, FlashingError) as error:
        raise FlashingError(f"the self-test did not run: {error}", "upload the firmware, then repeat it") from error
    return judge(told, described)


def judge(told: Mapping[str, Any], described: Board) -> list[Finding]:
    """Turn what the board told into findings, in the order of the description's parts."""
    found: list[Finding] = []
    chips = [part for part in described.parts if part.i2c_address is not None]
    whole_bus = not told["i2c"]
    for part in chips:
        advice = "nothing on the bus answers: SDA and SCL swapped, or no 3V3" if whole_bus else _advice(part.ref)
        name = f"{part.name}, {part.value} (0x{part.i2c_address:02X})"
        found.append(Finding(name, part.i2c_address in told["i2c"], advice, not part.optional))
    unknown = sorted(set(told["i2c"]) - {part.i2c_address for part in chips})
    found += [
        Finding(f"0x{address:02X} answers and is no part of ours", False, "check it", False) for address in unknown
    ]
    found.append(Finding("GPS receiver sends", told["gps"] > 0, "TX and RX swapped, or no 3V3 at the receiver"))
    for name, pressed in zip(("START button", "LAP button"), told["buttons"], strict=True):
        found.append(Finding(f"{name} at rest", not pressed, "it is pressed, or wired to ground across its legs"))
    pages = told["journal"]
    found.append(Finding(f"journal of {pages} pages", pages >= 3, "the partition table is another: flash again"))
    return found


def _advice(ref: str) -> str:
    return f"look at the wires of {ref} in docs/BUILD.md: 3V3, GND, SDA, SCL, and its address jumper"


def report(findings: list[Finding], say: Callable[[str], None]) -> bool:
    """Say every finding; return whether all that the wearable needs is there."""
    for finding in findings:
        say(finding.line)
    return all(finding.found or not finding.must for finding in findings)
