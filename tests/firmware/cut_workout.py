"""A workout that wraps a small ring, told operation by operation, so that the power can be cut at each of them.

The wearable cannot know of a cut before it comes. So the workout runs once, and what flash and NVS held before each
operation is kept; a cut is then that state with the operation half done. Runs on both interpreters.
"""

from firmware.nor_flash import BLOCK, Dice, NorFlash
from firmware.wearable_bench import Nvs, Pvt, WearableBench

BLOCKS = 3
LAST_S = 1900
PAUSES = ((400, 420), (700, 710))


class Moment:
    """The device just before one flash operation: (block, data to program or None to erase, offset)."""

    def __init__(self, flash: NorFlash, operation: "tuple[int, bytes | None, int]", story: "Story") -> None:
        self.cells = bytes(flash.cells)
        self.operation = operation
        self.blobs = dict(story.nvs.blobs)
        self.second = story.second
        self.recording = story.recording
        self.newest = story.newest()

    def cut(self, seed: int) -> "tuple[NorFlash, Nvs]":
        """Return flash and NVS after the power failed within the operation."""
        flash = NorFlash(len(self.cells) // BLOCK, Dice(seed))
        flash.cells[:] = self.cells
        flash.cut_in = 0
        block, data, offset = self.operation
        try:
            if data is None:
                flash.ioctl(6, block)
            else:
                flash.writeblocks(block, data, offset)
        except OSError:
            flash.violations = 0
        nvs = Nvs()
        nvs.blobs = dict(self.blobs)
        return flash, nvs


class ToldFlash(NorFlash):
    """Tells `before(operation)` of each operation; it is the same object in all its boots."""

    def before(self, operation: "tuple[int, bytes | None, int]") -> None:
        """Replaced by the story."""

    def boot(self) -> "ToldFlash":
        return self

    def writeblocks(self, block: int, data: "bytes | memoryview", offset: int) -> None:
        self.before((block, bytes(data), offset))
        super().writeblocks(block, data, offset)

    def ioctl(self, operation: int, block: int) -> int:
        if operation == 6:
            self.before((block, None, 0))
        return super().ioctl(operation, block)


class FailingBoot(NorFlash):
    """Gives at boot a flash, then `flash`, on which the power fails within an operation to come."""

    def __init__(self, flash: NorFlash, cut_in: int) -> None:
        super().__init__(0)
        self.flash = flash
        self._cut_in = cut_in

    def boot(self) -> NorFlash:
        self.flash = self.flash.boot()
        self.flash.cut_in = self._cut_in
        return self.flash


class Story:
    """The workout, with its moments; `second` is the newest that was given to the recorder."""

    def __init__(self, blocks: int, every: int = 1) -> None:
        self.nvs = Nvs()
        self.second = 0
        self.recording = False
        self.moments: list[Moment] = []
        self.operations = 0
        self._every = every
        self.flash = ToldFlash(blocks)
        self.flash.before = self._before
        self._bench: WearableBench | None = None
        self._bench = WearableBench(blocks, self.flash, self.nvs)
        self._play(self._bench)

    def newest(self) -> int:
        """Return the number of the newest page."""
        return self._bench.journal.end // BLOCK if self._bench else 0

    def samples(self) -> "list[tuple[int, ...]]":
        """Return what the journal holds."""
        assert self._bench is not None
        return self._bench.read()[1]

    def _before(self, operation: "tuple[int, bytes | None, int]") -> None:
        if self.operations % self._every == 0:
            self.moments.append(Moment(self.flash, operation, self))
        self.operations += 1

    def _play(self, bench: WearableBench) -> None:
        dice = Dice(17)
        bench.recorder.start(1, 2)
        self.recording = True
        for second in range(1, LAST_S + 1):
            self.second = second
            ride_on(bench, second, dice)
            if second % 150 == 0:
                bench.recorder.lap(1)
            for pause, resume in PAUSES:
                if second == pause:
                    bench.recorder.pause(1)
                if second == resume:
                    bench.recorder.resume(1)
        self.recording = False
        bench.recorder.stop()


def ride_on(bench: WearableBench, second: int, dice: Dice) -> None:
    """Let one second pass, with a solution that costs many bytes, so that few seconds fill a page."""
    bench.now_ms += 1000
    bench.recorder.heart_rate_bpm = 90 + dice.below(90)
    bench.recorder.heart_rate_confidence = 3
    bench.recorder.tick()
    pvt = Pvt(second)
    pvt.latitude_udeg += dice.below(80_000_000)
    pvt.longitude_udeg += dice.below(80_000_000)
    pvt.altitude_2dm += dice.below(3000)
    pvt.speed_cm_s = dice.below(2000)
    bench.recorder.solution(pvt)
    bench.recorder.save_when_due(False)
