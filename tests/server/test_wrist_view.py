"""What a wearable's page says is sent to the wrist. Pure."""

from paceline_server.desired.wrist_fields import settings_blob
from paceline_server.pages.wrist_view import WristUser, wrist_users


def test_each_user_of_the_blob_is_told() -> None:
    zones = [95, 114, 133, 152, 171]
    first = {"slot": 0, "name": "Ann", "weight_hg": 615, "max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 52}
    blob = settings_blob(
        {"users": [first | {"zones_bpm": zones, "daily_steps": 9000}, {"slot": 3, "max_heart_rate_bpm": 200}]}
    )
    assert wrist_users(blob) == (
        WristUser(1, "Ann", "61.5 kg", "190 bpm", "52 bpm", "95 · 114 · 133 · 152 · 171", "9,000"),
        WristUser(4, "", "–", "200 bpm", "–", "100 · 120 · 140 · 160 · 180", "–"),
    )
    assert wrist_users(b"") == ()
