"""Zones of the heart rate, and when one is told to have left a range."""

from wearable.workout.zones import Watch, highest_of, zone_of, zones_of

PROFILE = bytes((95, 114, 133, 152, 171))


def _told(
    watch: Watch, values: "list[int]", low: int = 114, high: int = 151, slack: int = 2
) -> "list[tuple[int, int]]":
    sides = [watch.second(value, low, high, slack) for value in values]
    return [(i, side) for i, side in enumerate(sides) if side]


def test_zones_are_those_of_the_profile_or_parts_of_the_highest_rate() -> None:
    assert zones_of(PROFILE, 190) == PROFILE
    parts = zones_of(bytes(5), 190)
    for bpm in range(60, 200):
        percent = [50, 60, 70, 80, 90]
        assert zone_of(bpm, parts) == len([p for p in percent if bpm * 100 >= 190 * p]), bpm
    assert [zone_of(bpm, PROFILE) for bpm in (0, 94, 95, 113, 114, 170, 171, 255)] == [0, 0, 1, 1, 2, 4, 5, 5]
    assert [highest_of(zone, PROFILE) for zone in range(1, 6)] == [113, 132, 151, 170, 255]


def test_a_rate_outside_is_told_after_ten_seconds_and_again_after_thirty() -> None:
    assert _told(Watch(), [100] * 80) == [(9, -1), (39, -1), (69, -1)]
    assert _told(Watch(), [160] * 45) == [(9, 1), (39, 1)]
    assert _told(Watch(), [114, 151] * 50) == []


def test_a_short_leap_tells_nothing_and_neither_does_a_tremble_at_the_edge() -> None:
    assert _told(Watch(), ([152] * 9 + [145]) * 6) == []
    assert _told(Watch(), [152, 150] * 40) == [(9, 1), (39, 1), (69, 1)], "inside again only by two beats"
    assert _told(Watch(), [152, 149] * 40) == []


def test_an_unsure_rate_never_tells() -> None:
    assert _told(Watch(), [0] * 100) == []
    assert _told(Watch(), ([170] * 9 + [0]) * 9) == []


def test_from_one_side_to_the_other_the_grace_begins_anew() -> None:
    assert _told(Watch(), [100] * 9 + [160] * 10) == [(18, 1)]
    watch = Watch()
    watch.second(100, 114, 151, 0)
    watch.restart()
    assert _told(watch, [100] * 10) == [(9, -1)]
