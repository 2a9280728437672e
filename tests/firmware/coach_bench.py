"""A wearable with settings and plans, whose coach looks on once a second; the motor's patterns are written down."""

from firmware.wearable_bench import EPOCH, Nvs, WearableBench
from firmware.wrist_bench import BlobFolder
from paceline_protocol.wrist_plan import check
from wearable import users
from wearable.kept_state import KeptState
from wearable.screen.settings import Settings
from wearable.users import Users
from wearable.workout import coach
from wearable.workout.coach import Coach


class Motor:
    """Takes the patterns."""

    def __init__(self) -> None:
        self.felt: list[bytes] = []

    def buzz(self, pattern: bytes) -> None:
        self.felt.append(pattern)


class CoachBench:
    """The wearable; boot() after a change of fate. A context, for the folder of the blobs."""

    def __init__(self, settings: bytes = b"", plan: bytes = b"") -> None:
        self.folder = BlobFolder({users.KIND: users.check, coach.KIND: lambda file: check(file.read())})
        self.nvs = Nvs()
        self.told: list[tuple[int, int]] = []
        if settings:
            self.folder.put(users.KIND, settings)
        if plan:
            self.folder.put(coach.KIND, plan)
        self.users = Users(self.folder.store, KeptState(self.nvs))
        self.folder.store.taken[users.KIND] = self.users.changed
        self.bench = WearableBench(nvs=self.nvs, users=self.users)
        self._coach()

    def boot(self) -> None:
        """A reset: everything anew on the same flash, NVS and folder."""
        self.users = Users(self.folder.store, KeptState(self.nvs))
        self.folder.store.taken[users.KIND] = self.users.changed
        self.bench.users = self.users
        self.bench.boot()
        self._coach()

    def _coach(self) -> None:
        kept = KeptState(self.nvs)
        self.recorder = self.bench.recorder
        self.motor = Motor()
        parts = (self.recorder, self.users, self.folder.store, kept, self.motor)
        journal = self.bench.journal
        assert journal.epoch == EPOCH
        self.settings = Settings(kept, self.users)
        self.coach = Coach(parts, journal, self.bench.clock, self.settings, lambda *alert: self.told.append(alert))
        self.coach.second()

    def run(self, seconds: int, bpm: int = 0, confidence: int = 3) -> "list[tuple[int, bytes]]":
        """Let seconds pass; return what was felt, with its second from 1."""
        felt = []
        self.recorder.heart_rate_bpm, self.recorder.heart_rate_confidence = bpm, confidence
        for second in range(1, seconds + 1):
            self.bench.pass_s(1)
            self.look()
            felt += [(second, pattern) for pattern in self.motor.felt]
            self.motor.felt = []
        return felt

    def go(self, first: int, last: int, speed_cm_s: int = 300) -> "list[tuple[int, bytes]]":
        """Let seconds of GPS pass; return what was felt, with its second."""
        felt = []
        for second in range(first, last + 1):
            self.bench.gps(second, second, speed_cm_s)
            self.look()
            felt += [(second, pattern) for pattern in self.motor.felt]
            self.motor.felt = []
        return felt

    def look(self) -> None:
        """The coach's turn of the beat."""
        self.coach.second()
        self.coach.second()

    def __enter__(self) -> "CoachBench":
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.__exit__()
