"""The loader's choice and a copy's trial, boot by boot; and who may bring firmware, and when."""

import os

import main
from firmware.wearable_bench import Nvs
from paceline_protocol.code_tables import ALERTS
from paceline_protocol.errors import LinkError
from wearable.kept_state import KeptState
from wearable.supervision_boot import ShortLives
from wearable.update.arrival import Arrival
from wearable.update.trial import ON_TRIAL, PATIENCE_S, PROVEN_S, ROLLED_BACK, SETTLED, TOLD, TRIES, Trial

MARK = b"12345678"
HARD_RESET = 2


class Link:
    trusted = False


class Recorder:
    state = 0


class Wearable:
    """A wearable on trial; its folders are below `root`, which the loader is in."""

    def __init__(self) -> None:
        self.nvs = Nvs()
        self.link, self.recorder = Link(), Recorder()
        self.resets = 0
        self.told: list[tuple[str, int]] = []
        self.crashes: list[str] = []

    def boot(self) -> str:
        """Let the loader choose; what it chose takes over."""
        folder = main.choose(self.nvs)
        self.lives = ShortLives(KeptState(self.nvs), HARD_RESET)
        self.trial = self.lives.trial
        self.trial.watch(self.link, self.recorder, self._reset)
        return folder

    def alert(self, code: int, value: int) -> None:
        self.told.append((ALERTS[code], value))

    def leave_crash(self, text: str) -> None:
        self.crashes.append(text)

    def _reset(self) -> None:
        self.resets += 1


def _in_folders(test: "object") -> None:
    """Run the test in a new folder that holds the folders of both copies."""
    root = "/tmp/paceline-test-update-" + os.urandom(4).hex()
    here = os.getcwd()
    made = [root]
    for name in ("app_a", "app_b"):
        made += [f"{root}/{name}", f"{root}/{name}/wearable", f"{root}/{name}/lib"]
        made.append(f"{root}/{name}/lib/paceline_protocol")
    for folder in made:
        os.mkdir(folder)
    os.chdir(root)
    try:
        test()  # type: ignore[operator]
    finally:
        os.chdir(here)
        for folder in reversed(made):
            try:  # noqa: SIM105 (not on MicroPython)
                os.rmdir(folder)
            except OSError:
                pass  # the test has removed it


def _on_trial() -> Wearable:
    wearable = Wearable()
    Trial(KeptState(wearable.nvs)).begin(5, MARK)
    return wearable


def _settled() -> Wearable:
    wearable = _on_trial()
    assert wearable.boot() == "app_a"
    wearable.link.trusted = True
    wearable.lives.beats.append(wearable.trial.lived)
    wearable.lives.lived(PROVEN_S)
    assert wearable.trial.state == SETTLED
    return wearable


def test_without_a_record_or_with_an_absurd_one_the_flashed_copy_runs() -> None:
    nvs = Nvs()
    assert main.choose(nvs) == ""
    for data in (b"", b"\1", bytes((1,)) * 17, b"\3" + bytes(15), b"\xff" * 16):
        nvs.set_blob("app", data)
        assert main.choose(nvs) == ""


def test_a_copy_that_never_proves_itself_has_three_boots() -> None:
    def test() -> None:
        wearable = _on_trial()
        folders = []
        changed = []
        for _ in range(TRIES + 2):
            folders.append(wearable.boot())
            changed.append(wearable.trial.changed)
            assert not wearable.lives.safe_mode, "neither on trial nor after it"
            wearable.trial.tell(wearable)
        assert folders == ["app_a"] * TRIES + ["", ""]
        assert changed == [True, False, False, True, False]
        assert wearable.told == [("update rolled back", main.USED_UP)]
        assert wearable.trial.state == TOLD

    _in_folders(test)


def test_it_is_settled_by_life_a_gateway_and_no_death_together() -> None:
    def test() -> None:
        for trusted, deaths, second, settled in (
            (False, 0, PROVEN_S, False),
            (True, 0, PROVEN_S - 1, False),
            (True, 1, PROVEN_S, False),
            (True, 0, PROVEN_S, True),
        ):
            wearable = _on_trial()
            wearable.boot()
            wearable.link.trusted = trusted
            wearable.trial.deaths = lambda deaths=deaths: deaths
            wearable.trial.lived(second)
            assert (Trial(KeptState(wearable.nvs)).state == SETTLED) == settled
            assert wearable.resets == (deaths > 0)

    _in_folders(test)


def test_a_gateway_that_came_and_went_counts() -> None:
    def test() -> None:
        wearable = _on_trial()
        wearable.boot()
        wearable.link.trusted = True
        wearable.trial.lived(3)
        wearable.link.trusted = False
        wearable.trial.lived(PROVEN_S)
        assert wearable.trial.state == SETTLED

    _in_folders(test)


def test_without_a_gateway_the_try_ends_after_hours_but_never_within_a_workout() -> None:
    def test() -> None:
        wearable = _on_trial()
        wearable.boot()
        wearable.trial.lived(PATIENCE_S - 1)
        assert wearable.resets == 0
        wearable.recorder.state = 1
        wearable.trial.lived(PATIENCE_S + 9000)
        assert wearable.resets == 0
        wearable.recorder.state = 0
        wearable.trial.lived(PATIENCE_S + 9001)
        assert wearable.resets == 1 and wearable.trial.state == ON_TRIAL

    _in_folders(test)


def test_a_copy_that_raises_goes_back_at_once_with_its_traceback() -> None:
    def test() -> None:
        wearable = _on_trial()
        assert wearable.boot() == "app_a"
        main.abandon(wearable.nvs, "Traceback\n" + "x" * 400 + "\nOSError: 5\n")
        assert wearable.boot() == "" and wearable.trial.changed
        wearable.trial.tell(wearable)
        wearable.trial.tell(wearable)
        assert wearable.told == [("update rolled back", main.RAISED)]
        (crash,) = wearable.crashes
        assert crash.startswith("update: xxx") and crash.endswith("OSError: 5")

    _in_folders(test)


def test_a_settled_copy_that_keeps_dying_gives_way_to_the_flashed_one() -> None:
    def test() -> None:
        wearable = _settled()
        folders = [wearable.boot() for _ in range(8)]
        assert folders == ["app_a"] * 6 + ["", ""]
        assert not wearable.lives.safe_mode
        wearable.trial.tell(wearable)
        assert wearable.told == [("update rolled back", main.KEPT_DYING)]

    _in_folders(test)


def test_a_settled_copy_that_is_gone_or_damaged_may_come_again() -> None:
    def test() -> None:
        wearable = _settled()
        os.rmdir("app_a/lib/paceline_protocol")
        assert wearable.boot() == ""
        assert (wearable.trial.state, wearable.trial.tries, wearable.trial.mark) == (ROLLED_BACK, main.RAISED, bytes(8))

    _in_folders(test)


def test_a_trial_whose_predecessor_is_gone_ends_with_the_flashed_one() -> None:
    def test() -> None:
        wearable = _settled()
        wearable.trial.begin(6, b"87654321")
        os.rmdir("app_a/wearable")
        assert [wearable.boot() for _ in range(TRIES + 1)] == ["app_b"] * TRIES + [""]

    _in_folders(test)


class Board:
    NAME = "esp32s3"
    BLOB_FOLDER = "none"

    def __init__(self) -> None:
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1


def _refusal(arrival: Arrival, version: int, total: int = 1000) -> str:
    try:
        return "applied" if arrival.gate(version, total) else "welcome"
    except LinkError as error:
        return error.code


def test_who_may_come_and_when() -> None:
    def test() -> None:
        wearable = _settled()
        arrival = Arrival(Board(), bytes(32), wearable.trial, wearable.recorder, wearable.alert)
        assert _refusal(arrival, 6) == "welcome"
        assert _refusal(arrival, 6, 600_000) == "refused"
        assert _refusal(arrival, 5) == "applied"
        wearable.recorder.state = 2
        assert _refusal(arrival, 6) == "busy" and _refusal(arrival, 5) == "applied"
        wearable.recorder.state = 0
        wearable.trial.begin(6, b"87654321")
        assert _refusal(arrival, 7) == "busy" and _refusal(arrival, 6) == "applied"
        for _ in range(TRIES + 1):
            assert _refusal(arrival, 6) == "applied"
            wearable.boot()
        arrival = Arrival(Board(), bytes(32), wearable.trial, wearable.recorder, wearable.alert)
        assert _refusal(arrival, 6) == "refused" and _refusal(arrival, 7) == "welcome"

    _in_folders(test)
