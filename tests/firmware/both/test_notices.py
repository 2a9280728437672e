"""What a wearer is told: each notice once, to whom it is for, when it may be; across resets and other blobs."""

from firmware.coach_bench import Motor
from firmware.wearable_bench import Nvs
from firmware.wrist_bench import BlobFolder
from paceline_protocol.errors import LinkError
from paceline_protocol.records import DISMISSED, parse_fields
from paceline_protocol.wrist_pack import pack_notices, pack_settings
from wearable import users
from wearable.alerts import NOTICE
from wearable.calendar import UNIX_2020_S
from wearable.kept_state import KeptState
from wearable.notices import KIND, Notices, check
from wearable.users import Users

NOON_S = 172_000_000
HOUR_S = 3600


class Time:
    """The clock: UTC in 2020 seconds, 0 for unknown."""

    def __init__(self) -> None:
        self.now_s = NOON_S

    def utc_2020_s(self) -> int:
        return self.now_s

    def t_s(self) -> int:
        return self.now_s - NOON_S


class Told:
    """Stands where the journal is: what was dismissed when."""

    def __init__(self) -> None:
        self.dismissed: list[tuple[int, ...]] = []

    def append(self, kind: int, payload: bytes) -> None:
        fields = parse_fields(kind, payload)
        assert kind == DISMISSED and fields is not None
        self.dismissed.append(tuple(fields))


class Wrist:
    """A wearable of users in the slots 0 and 2; boot() is a reset. A context, for the folder of the blobs."""

    def __init__(self) -> None:
        self.folder = BlobFolder({users.KIND: users.check, KIND: check})
        self.folder.put(users.KIND, pack_settings([{"slot": 0, "name": "Anna"}, {"slot": 2, "name": "Bo"}]))
        self.nvs, self.time, self.told = Nvs(), Time(), Told()
        self.boot()

    def boot(self) -> None:
        kept = KeptState(self.nvs)
        self.users, self.motor = Users(self.folder.store, kept), Motor()
        self.notices = Notices(self.folder.store, kept, self.users, self.time, self.motor, self.told)
        self.folder.store.taken[KIND] = self.notices.look
        self.notices.second(False)

    def put(self, *told: "dict[str, object]") -> None:
        self.folder.put(KIND, pack_notices(list(told)))
        self.notices.second(False)

    def shown(self) -> "bytes | None":
        self.notices.second(False)
        return self.notices.title if self.notices.shown else None

    def felt(self) -> int:
        felt, self.motor.felt = self.motor.felt, []
        assert all(pattern == NOTICE for pattern in felt)
        return len(felt)

    def __enter__(self) -> "Wrist":
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.__exit__()


def _notice(
    number: int, slot: int = 0, told_s: int = NOON_S, quiet: "tuple[int, int] | None" = None
) -> "dict[str, object]":
    begin, end = (quiet[0] + UNIX_2020_S, quiet[1] + UNIX_2020_S) if quiet else (0, 0)
    return {
        "number": number,
        "slot": slot,
        "told_utc_s": told_s + UNIX_2020_S,
        "quiet_from_utc_s": begin,
        "quiet_until_utc_s": end,
        "title": f"Notice {number}",
        "text": "Words",
    }


def test_notices_come_one_after_the_other_each_until_it_is_dismissed() -> None:
    with Wrist() as wrist:
        assert wrist.shown() is None and wrist.felt() == 0
        wrist.put(_notice(5), _notice(9))
        for title in (b"Notice 5", b"Notice 9"):
            assert wrist.shown() == title and wrist.notices.text == b"Words"
            wrist.time.now_s += HOUR_S
            assert wrist.shown() == title and wrist.felt() == 1, "the motor tells it once"
            wrist.notices.dismiss()
        assert wrist.shown() is None
        wrist.put(_notice(5), _notice(9), _notice(10))
        assert wrist.shown() == b"Notice 10", "what was dismissed is known by its number, in any blob"
        wrist.put()
        assert wrist.shown() is None, "taken back, as it was read elsewhere"
        wrist.notices.dismiss()
        assert wrist.told.dismissed == [(HOUR_S, 5, 0), (2 * HOUR_S, 9, 0)], "the journal has each once"


def test_a_reset_before_it_is_dismissed_tells_it_again_and_after_never() -> None:
    with Wrist() as wrist:
        wrist.put(_notice(5), _notice(6))
        for _ in range(2):
            wrist.boot()
            assert wrist.shown() == b"Notice 5" and wrist.felt() == 1
        wrist.notices.dismiss()
        wrist.boot()
        assert wrist.shown() == b"Notice 6"
        wrist.notices.dismiss()
        wrist.boot()
        assert wrist.shown() is None and wrist.felt() == 0
        wrist.put(_notice(5), _notice(6))
        assert wrist.shown() is None, "the same words in a blob of another version"


def test_nobody_is_shown_what_another_is_told() -> None:
    with Wrist() as wrist:
        wrist.put(_notice(7), _notice(3, slot=2))
        assert wrist.shown() == b"Notice 7"
        wrist.users.choose(2)
        assert wrist.notices.shown, "until the next second"
        wrist.notices.dismiss()  # which is not what this user has seen
        assert wrist.shown() == b"Notice 3"
        wrist.notices.dismiss()
        assert wrist.shown() is None
        wrist.users.choose(0)
        assert wrist.shown() == b"Notice 7"


def test_it_waits_for_the_time_the_end_of_quiet_hours_and_of_a_workout() -> None:
    with Wrist() as wrist:
        wrist.time.now_s = 0
        wrist.put(_notice(5, quiet=(NOON_S, NOON_S + HOUR_S)))
        assert wrist.shown() is None
        wrist.time.now_s = NOON_S
        assert wrist.shown() is None
        wrist.time.now_s += HOUR_S - 1
        assert wrist.shown() is None and wrist.felt() == 0
        wrist.time.now_s += 1
        wrist.notices.second(True)
        assert not wrist.notices.shown and wrist.felt() == 0
        assert wrist.shown() == b"Notice 5" and wrist.felt() == 1
        wrist.notices.second(True)
        assert not wrist.notices.shown
        assert wrist.shown() == b"Notice 5" and wrist.felt() == 0, "behind the workout it is there, and was told"


def test_what_is_a_day_old_is_shown_no_more() -> None:
    with Wrist() as wrist:
        wrist.put(_notice(5), _notice(6, told_s=NOON_S + HOUR_S))
        assert wrist.shown() == b"Notice 5"
        wrist.time.now_s += 24 * HOUR_S - 1
        assert wrist.shown() == b"Notice 5" and wrist.felt() == 1
        wrist.time.now_s += 1
        assert wrist.shown() == b"Notice 6" and wrist.felt() == 1
        wrist.time.now_s += HOUR_S
        assert wrist.shown() is None
        wrist.boot()
        assert wrist.shown() is None and wrist.felt() == 0
        wrist.put(_notice(7, told_s=-UNIX_2020_S))
        assert wrist.shown() is None


def test_a_damaged_blob_is_refused_and_the_one_before_stays() -> None:
    with Wrist() as wrist:
        wrist.put(_notice(5))
        try:
            wrist.folder.put(KIND, pack_notices([_notice(6)])[:-1] + b"\0")
        except LinkError as error:
            assert error.code == "refused" and "check sum" in error.detail
        else:
            raise AssertionError("taken")
        assert wrist.shown() == b"Notice 5"
        with open(wrist.folder.path + f"/{KIND}.blob", "ab") as file:
            file.write(b"x")
        wrist.boot()
        assert wrist.shown() is None, "damaged on flash it is none"
