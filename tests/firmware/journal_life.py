"""Lives of a journal between power cuts, with a memory of what was committed; for the tests of both interpreters."""

from firmware.nor_flash import BLOCK, Dice, NorFlash
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.records import CRASH, LAP, SAMPLES, pack_fields
from paceline_protocol.sample_codec import SampleDecoder
from wearable.journal.writer import Journal

KEY = bytes(range(32))
LOSS_S = 30  # what a power cut may cost


def walk(t_s: int) -> "tuple[int, ...]":
    """Return a made-up runner's sample."""
    return t_s, 3, 47_000_000 + 27 * t_s, 8_000_000 - 13 * t_s, 2000 + t_s % 7, 305, 140 + t_s % 9, 3, 168


class Life:
    """One journal over many boots; `records` and `samples` are what was committed since the start."""

    def __init__(self, blocks: int, seed: int) -> None:
        self.dice = Dice(seed)
        self.flash = NorFlash(blocks, self.dice)
        self.records: list[tuple[int, int, bytes]] = []
        self.unsure: tuple[int, bytes] | None = None  # the record that was under way at the cut
        self.put_t_s = 0  # the newest sample given to the journal
        self.epochs = 0
        self.heads = 0

    def boot(self) -> Journal:
        """Return the journal after a boot, whose pages carry a mark at their head."""
        self.flash = self.flash.boot()
        journal = Journal(self.flash, KEY, self._epoch)
        journal.on_page = lambda: self.append(journal, LAP, pack_fields(LAP, self._head(), 0, 9))
        return journal

    def boot_through(self, cuts: int) -> Journal:
        """Boot, with the power failing up to `cuts` times while it boots; no failure may stop the next boot."""
        for _ in range(cuts):
            self.flash = self.flash.boot()
            self.flash.cut_in = self.dice.below(3)
            try:
                Journal(self.flash, KEY, self._epoch)
            except OSError:
                continue
        return self.boot()

    def append(self, journal: Journal, kind: int, payload: bytes) -> None:
        """Append and remember."""
        journal.flush()
        outer, self.unsure = self.unsure, (kind, payload)  # a page that begins is marked in the middle of an append
        journal.append(kind, payload)
        self.records.append((journal.end - len(payload) - 4, kind, payload))
        self.unsure = outer

    def record_until_cut(self, journal: Journal, operations: int) -> None:
        """Append records of all lengths and samples until the power fails."""
        self.flash.cut_in = operations
        try:
            while self.flash.violations == 0:
                if self.dice.below(8):
                    text = chr(97 + self.dice.below(26)) * self.dice.below(250)
                    self.append(journal, CRASH, pack_fields(CRASH, self.put_t_s, text))
                elif self.dice.below(6) == 0:
                    journal.seal()
                else:
                    for _ in range(self.dice.below(70)):
                        self.put_t_s += 1
                        journal.append_sample(*walk(self.put_t_s))
        except OSError:
            return

    def check(self, journal: Journal, cut: bool) -> None:
        """Read all that is held; what was committed must be there, once, in order, at its place and sealed."""
        found, times, reader = self.read(journal)
        self.records = [record for record in self.records if record[0] >= journal.start]
        committed = self.records
        if cut and len(found) == len(committed) + 1:
            assert self.unsure is not None and found[-1][1:] == self.unsure, "a record nobody wrote"
            committed.append(found[-1])
        self.unsure = None
        assert found == committed, (len(found), len(committed))
        assert [problem.code for problem in reader.problems if problem.code != "torn"] == []
        assert reader.sealed_until >= journal.end // BLOCK * BLOCK
        assert times == list(range(self.put_t_s - len(times) + 1, self.put_t_s + 1)) or self._little_lost(times)
        assert self.flash.violations == 0

    def _little_lost(self, times: "list[int]") -> bool:
        newest = times[-1] if times else 0
        lost = self.put_t_s - newest
        self.put_t_s = newest  # the next life goes on from there, so that a gap stays visible for ever
        return lost <= LOSS_S and times == list(range(newest - len(times) + 1, newest + 1))

    def read(self, journal: Journal) -> "tuple[list[tuple[int, int, bytes]], list[int], JournalReader]":
        """Return (records but samples, sample times, reader) of everything the journal holds."""
        reader = JournalReader(KEY, journal.start // BLOCK, journal.epoch)
        decoder = SampleDecoder()
        buffer = bytearray(700)
        records = []
        times = []
        position = journal.start
        while position < journal.end:
            count = journal.read(position, buffer)
            for record in reader.feed(bytes(memoryview(buffer)[:count])):
                if record[1] == SAMPLES:
                    for sample in decoder.decode(record[2]):
                        assert sample == walk(sample[0])
                        times.append(sample[0])
                elif record[1] in (CRASH, LAP):
                    records.append(record)
            position += count
        return records, times, reader

    def _epoch(self) -> int:
        self.epochs += 1
        return 1000 + self.epochs

    def _head(self) -> int:
        self.heads += 1
        return self.heads
