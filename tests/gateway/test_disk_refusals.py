"""The disk refuses any one call: one clear error, nothing acknowledged that is not on it, the pull goes on later."""

import contextlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gateway.desk import Desk
from gateway.stand_in import Wearable, Wire
from gateway.witnessed_disk import Medium, WitnessedDisk, lay_out
from paceline_gateway.errors import RadioError, SpoolError
from paceline_gateway.spool import spooled_journals

WHOLE = random.Random(1).randbytes(11_000)
CONFIRMED, CUT = 6000, 4096


class Life:
    """Syncs, a cut link, a restart and bytes given up; what the disk refuses is tried again, as visits do."""

    def __init__(self, top: Path, disk: WitnessedDisk) -> None:
        self.disk = disk
        self.wearable = Wearable(WHOLE[:5000])
        self.wearable.on_ack = lambda ack: disk.told(ack.epoch, ack.position)
        self.errors: list[SpoolError] = []
        self._desk: Desk | None = None
        self._folder = top / "spool"

    async def live(self) -> None:
        await self._sync(cut_after=12)
        await self._sync()
        self._again(self._opened().restart)
        self.wearable.journal += WHOLE[5000:9000]
        await self._sync()
        desk = self._opened()
        (journal,) = desk.journals()
        journal.set_uploaded(CONFIRMED)
        device = desk.spool.device(self.wearable.device_id)
        self._again(lambda: device.drop_before(journal, CUT) if journal.start < CUT else None)
        self.wearable.journal += WHOLE[9000:]
        await self._sync()
        self._opened().spool.close()

    async def _sync(self, cut_after: int | None = None) -> None:
        for _ in range(2):
            wire = Wire(self.wearable, self._opened().clock)
            wire.cut_after = cut_after
            try:
                with contextlib.suppress(RadioError):
                    await self._opened().sync(wire)
            except SpoolError as error:
                self.errors.append(error)
                continue
            return

    def _opened(self) -> Desk:
        if self._desk is None:
            self._again(self._open)
        assert self._desk is not None
        return self._desk

    def _open(self) -> None:
        self._desk = Desk(self._folder)

    def _again(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SpoolError as error:
            self.errors.append(error)
            act()


async def lived(top: Path, refused: int | None) -> Life:
    with pytest.MonkeyPatch.context() as patch:
        life = Life(top, WitnessedDisk(top, patch, refused))
        await life.live()
        return life


async def test_whichever_call_is_refused_the_journal_comes_whole_and_no_acknowledgement_too_early(
    tmp_path: Path,
) -> None:
    (tmp_path / "top").mkdir()
    calls = (await lived(tmp_path / "top", None)).disk.calls
    shutil.rmtree(tmp_path / "top")
    assert calls > 60
    refused: set[str] = set()
    for number in range(calls):
        top = tmp_path / "top"
        top.mkdir()
        life = await lived(top, number)
        refused.add(life.disk.refused_call)
        assert len(life.errors) <= 1, "one refusal is one error"
        for error in life.errors:
            assert error.path.is_relative_to(top) and error.problem in ("No space left on device", "Input/output error")
        *given_up, (_, _, start, path) = spooled_journals(top / "spool")
        assert path.read_bytes() == WHOLE[start:], life.disk.refused_call
        assert not given_up or life.disk.refused_call == "unlink", "it goes later, when the server has all of it"
        assert_acknowledged_after_sync(life.disk, tmp_path / "left")
        shutil.rmtree(top)
    assert refused == {"open", "mkdir", "pwrite", "fsync", "replace", "unlink"}


def assert_acknowledged_after_sync(disk: WitnessedDisk, left: Path) -> None:
    """At each acknowledgement: a power cut that leaves the least leaves what was acknowledged."""
    medium = Medium()
    told = 0
    for step in disk.steps:
        medium.do(step)
        if step.what != "told" or step.at <= told:
            continue
        told = step.at
        lay_out(*medium.after_power_cut(random.Random(1), 0.0), disk.top, left)
        held = [(start, path.read_bytes()) for _, _, start, path in spooled_journals(left / "spool")]
        good = [start for start, data in held if start <= CUT and data[: told - start] == WHOLE[start:told]]
        assert good, f"{told} acknowledged, {disk.refused_call} refused"
        shutil.rmtree(left)
