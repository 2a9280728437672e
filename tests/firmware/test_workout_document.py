"""docs/WORKOUTS.md has the sports' numbers of the code."""

from pathlib import Path

from paceline_protocol.code_tables import SPORTS
from wearable.workout import sports

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "WORKOUTS.md"


def _row(sport: int) -> str:
    still, moves, spm, pause_s, resume_s, met10 = (sports.of(sport, column) for column in range(6))
    cells = [SPORTS[sport], "GPS" if sports.uses_gps(sport) else "clock"]
    cells += [f"{speed / 100:.2f} m/s" if speed else "" for speed in (still, moves)]
    cells += [f"{spm} a minute" if spm else ""] + [f"{seconds} s" if seconds else "" for seconds in (pause_s, resume_s)]
    return "| " + " | ".join([*cells, f"{met10 / 10:.1f}"]) + " |"


def test_the_table_of_sports_is_the_codes() -> None:
    lines = DOCUMENT.read_text().splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    assert lines[begin + 1 : begin + 1 + len(SPORTS)] == [_row(sport) for sport in range(len(SPORTS))]
