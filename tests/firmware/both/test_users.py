"""Who wears the wearable: users, zones and flags out of the settings blob."""

from firmware.wearable_bench import Nvs
from firmware.wrist_bench import BlobFolder
from paceline_protocol.errors import LinkError
from paceline_protocol.wrist_pack import pack_settings
from paceline_protocol.wrist_settings import RECORD_PPG, ROTATE_ADDRESS
from wearable.kept_state import KeptState
from wearable.users import KIND, Users, check

ANNA: "dict[str, object]" = {
    "slot": 1,
    "name": "Anna",
    "zones_bpm": bytes((95, 114, 133, 152, 171)),
    "weight_hg": 615,
    "auto_pause": 1,
}
BO: "dict[str, object]" = {
    "slot": 5,
    "name": "Bo",
    "pool_cm": 5000,
    "goals": [{"goal": 7, "kind": 1, "period": 2, "target": 40_000}],
}


def test_without_a_blob_there_is_one_user_about_whom_nothing_is_known() -> None:
    users = Users(BlobFolder().store, KeptState(Nvs()))
    assert (users.slots, users.version, users.counted) == (b"\0", 0, (0, 0))
    user = users.current
    assert (user.slot, user.name, user.weight_hg, user.zones_bpm, user.pool_cm) == (0, b"", 0, bytes(5), 2500)
    assert not (users.hide_live or users.rotate_address or users.record_rr or users.record_ppg)
    users.choose(3)
    users.choose_next()
    assert users.current.slot == 0 and users.user(6).slot == 6 and len(users.users) == 1


def test_a_blob_that_is_whole_is_read_at_once() -> None:
    with BlobFolder({KIND: check}) as folder:
        nvs = Nvs()
        users = Users(folder.store, KeptState(nvs))
        told = []
        users.chosen = lambda: told.append(users.current.name)
        folder.put(KIND, pack_settings([ANNA, BO], ROTATE_ADDRESS | RECORD_PPG, 4, 77, 8192))
        users.changed()
        assert told == [b"Anna"] and users.version == 1 and users.slots == b"\x01\x05"
        assert users.rotate_address and users.record_ppg and not users.hide_live and not users.record_rr
        assert (users.zone_quarters, users.counted) == (4, (77, 8192))
        assert (users.current.zones_bpm[4], users.current.weight_hg, users.current.auto_pause) == (171, 615, 1)
        assert [user.name for user in users.users] == [b"Anna", b"Bo"]
        assert users.goal(users.place(5), 0)[:5] == (7, 1, 2, 255, 40_000)
        assert users.place(0) == -1 and users.user(0).name == b""


def test_the_chosen_user_outlives_a_reset_and_a_blob_without_him_gives_the_first() -> None:
    with BlobFolder({KIND: check}) as folder:
        nvs = Nvs()
        folder.put(KIND, pack_settings([ANNA, BO]))
        users = Users(folder.store, KeptState(nvs))
        for name in (b"Bo", b"Anna", b"Bo"):
            users.choose_next()
            assert users.current.name == name
        again = Users(folder.store, KeptState(nvs))
        assert again.current.name == b"Bo" and again.current.pool_cm == 5000
        folder.put(KIND, pack_settings([ANNA]))
        again.changed()
        assert again.current.name == b"Anna"


def test_a_time_zone_of_the_wrist_stays_until_a_new_blob_tells_one() -> None:
    with BlobFolder({KIND: check}) as folder:
        nvs = Nvs()
        folder.put(KIND, pack_settings([ANNA], 0, 4))
        users = Users(folder.store, KeptState(nvs))
        assert users.zone_quarters == 4
        users.zone_quarters = -20
        users.keep()
        assert Users(folder.store, KeptState(nvs)).zone_quarters == -20
        folder.put(KIND, pack_settings([ANNA]))
        assert Users(folder.store, KeptState(nvs)).zone_quarters == -20
        folder.put(KIND, pack_settings([BO], 0, 36))
        assert Users(folder.store, KeptState(nvs)).zone_quarters == 36


def test_a_bad_blob_is_refused_and_the_one_before_stays() -> None:
    with BlobFolder({KIND: check}) as folder:
        nvs = Nvs()
        folder.put(KIND, pack_settings([ANNA]))
        try:
            folder.put(KIND, pack_settings([BO])[:-1] + b"\0")
        except LinkError as error:
            assert "check sum" in error.detail
        else:
            raise AssertionError("taken")
        assert Users(folder.store, KeptState(nvs)).current.name == b"Anna"


def test_a_file_that_rotted_on_flash_gives_the_user_without_a_name() -> None:
    with BlobFolder({KIND: check}) as folder:
        nvs = Nvs()
        folder.put(KIND, pack_settings([ANNA]))
        with open(f"{folder.path}/{KIND}.blob", "r+b") as file:
            file.seek(40)
            file.write(b"\x55")
        users = Users(folder.store, KeptState(nvs))
        assert (users.current.name, users.version, users.slots) == (b"", 0, b"\0")
