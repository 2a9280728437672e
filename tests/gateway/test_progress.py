"""What people read: few lines, each whole and true."""

from paceline_gateway.progress import Progress, amount


def test_lines_are_few_and_end_with_up_to_date() -> None:
    lines: list[str] = []
    progress = Progress("Paceline-1A2B", lines.append)
    for step in range(101):
        progress.show(0, step * 1234, 123_400, now_s=step * 0.1)
    assert lines[-1] == "Paceline-1A2B: pulled 123.4 kB, at 100 %, up to date"
    assert lines[0] == "Paceline-1A2B: pulled 24.7 kB, at 20 % of 123.4 kB"
    assert len(lines) == 5


def test_a_live_journal_is_told_of_once_a_minute() -> None:
    lines: list[str] = []
    progress = Progress("W", lines.append)
    for second in range(600):
        progress.show(0, 90 * second, 90 * second, now_s=float(second))
    assert len(lines) == 10
    assert all(line.endswith("up to date") for line in lines)


def test_amounts_are_written_as_people_do() -> None:
    assert [amount(count) for count in (0, 999, 12_345, 7_000_000)] == ["0 B", "999 B", "12.3 kB", "7.0 MB"]
