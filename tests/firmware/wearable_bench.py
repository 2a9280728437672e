"""A wearable's logic without its sensors and radio: journal on NOR flash, clock that the test moves, recorder."""

from firmware.nor_flash import Dice, NorFlash
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.records import SAMPLES, parse_fields
from paceline_protocol.sample_codec import SampleDecoder
from wearable.clock import Clock
from wearable.journal.writer import Journal
from wearable.kept_state import KeptState
from wearable.recorder import Recorder
from wearable.users import Users

EPOCH = 77
JOURNAL_KEY = bytes(32)
NOON_2020_S = 172_000_000


class Nvs:
    """NVS in memory; it outlives boots."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def get_blob(self, name: str, buffer: bytearray) -> int:
        if name not in self.blobs:
            raise OSError(-0x1102)
        data = self.blobs[name]
        buffer[: len(data)] = data
        return len(data)

    def set_blob(self, name: str, data: bytes) -> None:
        self.blobs[name] = bytes(data)

    def commit(self) -> None:
        pass


class Wearer:
    """A user as the settings describe one."""

    def __init__(self, auto_pause: int = 0, auto_lap_m: int = 0, auto_lap_s: int = 0, pool_cm: int = 0) -> None:
        self.auto_pause, self.auto_lap_m, self.auto_lap_s, self.pool_cm = auto_pause, auto_lap_m, auto_lap_s, pool_cm
        self.birth_year, self.sex, self.weight_hg = 1985, 2, 700


class Wearers:
    """The users of a wearable: every slot has the same."""

    def __init__(self, wearer: Wearer) -> None:
        self._wearer = wearer

    def user(self, _: int) -> Wearer:
        return self._wearer


class Pvt:
    """A solution at one second of the test's time."""

    def __init__(self, second: int, fix: int = 3, speed_cm_s: int = 300) -> None:
        self.time_valid = True
        self.time_2020_s = NOON_2020_S + second
        self.fix = fix
        self.latitude_udeg = 47_000_000 + 30 * second
        self.longitude_udeg = 8_000_000
        self.altitude_2dm = 2000 + second // 2
        self.speed_cm_s = speed_cm_s


class WearableBench:
    """The wearable and its world; boot() after each change of fate."""

    def __init__(
        self,
        blocks: int = 8,
        flash: "NorFlash | None" = None,
        nvs: "Nvs | None" = None,
        users: "Wearers | Users | None" = None,
    ) -> None:
        self.flash = flash or NorFlash(blocks, Dice(5))
        self.nvs = nvs or Nvs()
        self.users = users
        self.boots = 0
        self.boot()

    def boot(self) -> None:
        """Start anew on the same flash and NVS; the clock is at 0 again."""
        self.now_ms = 0
        self.flash = self.flash.boot()
        self.clock = Clock(lambda: self.now_ms, lambda later, earlier: later - earlier)
        self.journal = Journal(self.flash, JOURNAL_KEY, lambda: EPOCH)
        self.recorder = Recorder(self.journal, self.clock, KeptState(self.nvs), self.users)
        self.boots += 1
        self.recorder.boot(self.boots, 1, (0, 1, 0))
        self.clock.on_anchor = self.recorder.write_clock

    def pass_s(self, seconds: int) -> None:
        """Let seconds pass, with the firmware's beat in each half of them."""
        for _ in range(2 * seconds):
            self.now_ms += 500
            self.recorder.tick()
            self.recorder.save_when_due(False)

    def gps(self, first: int, last: int, speed_cm_s: int = 300) -> None:
        """Let seconds pass with a solution in each."""
        for second in range(first, last + 1):
            self.pass_s(1)
            self.recorder.solution(Pvt(second, 3, speed_cm_s))

    def read(self) -> "tuple[list[tuple[int, Fields]], list[tuple[int, ...]], JournalReader]":
        """Return (records but samples, samples, reader) of the whole journal."""
        self.journal.flush()
        reader = JournalReader(JOURNAL_KEY, self.journal.start // 4096, EPOCH)
        decoder = SampleDecoder()
        records = []
        samples = []
        buffer = bytearray(4096)
        position = self.journal.start
        while position < self.journal.end:
            count = self.journal.read(position, buffer)
            for _, kind, payload in reader.feed(bytes(memoryview(buffer)[:count]), position):
                fields = parse_fields(kind, payload)
                if fields is not None:
                    records.append((kind, fields))
                elif kind == SAMPLES:
                    samples += decoder.decode(payload)
            position += count
        return records, samples, reader
