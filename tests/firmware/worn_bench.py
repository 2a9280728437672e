"""A worn wearable without its sensors: what they found is set by hand, minutes pass, DAY records come."""

from firmware.nor_flash import Dice, NorFlash
from firmware.wearable_bench import EPOCH, JOURNAL_KEY, NOON_2020_S, Nvs
from paceline_protocol.layout import Fields
from paceline_protocol.records import DAY, parse_fields
from wearable.clock import GPS, Clock
from wearable.daily import Daily
from wearable.journal.writer import Journal
from wearable.kept_state import KeptState
from wearable.recorder import Recorder
from wearable.users import Users

MIDNIGHT_2020_S = NOON_2020_S // 86_400 * 86_400


class SettingsFile:
    """The file with the settings blob."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data
        self.version = 1

    def get(self, _kind: int) -> "tuple[int, bytes] | None":
        return (self.version, self.data) if self.data else None


class WornBench:
    """The wearable; boot() after each change of fate. Steps, rate and so on stay as set until they are set anew."""

    def __init__(self, settings: bytes = b"") -> None:
        self.flash = NorFlash(16, Dice(3))
        self.nvs = Nvs()
        self.settings = SettingsFile(settings)
        self.steps_s = 0
        self.worn = self.still = True
        self.boot()

    def boot(self) -> None:
        """Start anew on the same flash and NVS; nothing has told the time yet."""
        self.now_ms = 0
        self.steps = 0
        self.flash = self.flash.boot()
        kept = KeptState(self.nvs)
        self.clock = Clock(lambda: self.now_ms, lambda later, earlier: later - earlier)
        self.journal = Journal(self.flash, JOURNAL_KEY, lambda: EPOCH)
        self.users = Users(self.settings, kept)
        self.recorder = Recorder(self.journal, self.clock, kept, self.users)
        self.recorder.boot(1, 1, (0, 1, 0))
        self.daily = Daily(self.journal, self.clock, kept, self.users)
        self.beat_bpm(0)

    def time(self, after_midnight_s: int) -> None:
        """Tell the time: seconds since 00:00 UTC of a day."""
        self.clock.told(MIDNIGHT_2020_S + after_midnight_s, GPS)

    def beat_bpm(self, bpm: int) -> None:
        """Let the heart beat; 0 not known."""
        self.recorder.heart_rate_bpm, self.recorder.heart_rate_confidence = bpm, 3 if bpm else 0

    def walk(self, steps_s: int) -> None:
        """Walk with so many steps a second from now on."""
        self.steps_s = steps_s
        self.recorder.cadence_spm = 60 * steps_s

    def pass_s(self, seconds: int) -> None:
        """Let seconds pass."""
        for _ in range(seconds):
            self.now_ms += 1000
            self.steps += self.steps_s
            self.recorder.tick()
            self.recorder.save_when_due(False)
            self.daily.tick(self.recorder, self.steps, self.worn, self.still)

    def days(self) -> "list[Fields]":
        """Return the DAY records of the journal."""
        found = []
        for records in self.journal.pages_back():
            found[:0] = [parse_fields(kind, payload) for kind, payload in records if kind == DAY]
        return found
