"""The clock by which an activity was recorded: what a file says of it, and how it is said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from paceline_server.formats.fit.local_clock import utc_offset_s
from paceline_server.pages import local_time

TOKYO, CHATHAM = 9 * 3600, 12 * 3600 + 45 * 60
NOWHERE = np.array([np.nan, np.nan])


def said(*pairs: tuple[float, float]) -> dict[str, np.ndarray]:
    return {"timestamp": np.array([one for one, _ in pairs]), "local_timestamp": np.array([two for _, two in pairs])}


@pytest.mark.parametrize(
    ("away_s", "longitude_deg", "found"),
    [
        (TOKYO, 139.7, TOKYO),
        (TOKYO + 31, 139.7, TOKYO),  # written half a minute later
        (CHATHAM, -176.5, CHATHAM),  # east of the date line
        (-3.5 * 3600, -52.7, -12_600),
        (TOKYO, np.nan, TOKYO),
        (0, np.nan, None),  # a program that knows no zone
        (0, -3.2, 0),
        (0, 139.7, None),
        (TOKYO, 8.5, None),
        (TOKYO + 450, 139.7, None),
        (-983_794_606, 8.5, None),  # an epoch of its own
        (np.nan, 8.5, None),
    ],
)
def test_a_file_is_believed_as_far_as_the_sun_allows(away_s: float, longitude_deg: float, found: int | None) -> None:
    where = np.array([np.nan, longitude_deg, longitude_deg])
    assert utc_offset_s(said((1e9 + 60, 1e9 + 60 + away_s)), 1e9, where) == found


def test_of_chained_files_each_has_its_own() -> None:
    chained = said((1e9, 1e9 + TOKYO), (1e9 + 9e4, 1e9 + 9e4 + 7200))
    assert [utc_offset_s(chained, start_s, NOWHERE) for start_s in (1e9 - 60, 1e9 + 60, 2e9)] == [TOKYO, 7200, 7200]
    assert utc_offset_s({}, 1e9, NOWHERE) is None


def test_the_time_is_that_of_the_activity_and_says_so_to_who_is_elsewhere() -> None:
    noon_s = datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()

    def seen(away_s: int | None, zone: str) -> str:
        return local_time.short_day_and_time(local_time.own_local(noon_s, away_s, local_time.zone_of(zone)))

    assert seen(TOKYO, "Europe/Zurich") == "Mon 1 Jun 2026, 21:00 (UTC+9)"
    assert seen(TOKYO, "Asia/Tokyo") == "Mon 1 Jun 2026, 21:00"
    assert seen(-12_600, "Europe/Zurich") == "Mon 1 Jun 2026, 08:30 (UTC\N{MINUS SIGN}3:30)"
    assert seen(0, "Europe/Zurich") == "Mon 1 Jun 2026, 12:00 (UTC+0)"
    assert seen(None, "Europe/Zurich") == "Mon 1 Jun 2026, 14:00"
    assert local_time.own_local(noon_s, None, ZoneInfo("Asia/Tokyo")).hour == 21
