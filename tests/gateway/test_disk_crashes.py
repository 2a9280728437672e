"""The gateway killed, or its power cut, at each single call to the disk: what was acknowledged is there, whole."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gateway.desk import Desk
from gateway.stand_in import EPOCH, Wearable, Wire
from gateway.witnessed_disk import Medium, Step, WitnessedDisk, lay_out
from paceline_gateway.errors import RadioError
from paceline_gateway.spool import spooled_journals

FIRST = random.Random(1).randbytes(45_000)
SECOND = random.Random(2).randbytes(9_000)
GAP = (12_000, 16_384)
CONFIRMED, CUT = 8000, 4096


async def a_life(top: Path, patch: pytest.MonkeyPatch) -> tuple[list[Step], Wearable]:
    """Syncs, a cut link, a restart, bytes given up that the server has, a gap, another epoch: every call in order."""
    disk = WitnessedDisk(top, patch)
    desk = Desk(top / "spool")
    wearable = Wearable(FIRST[:6000])
    wearable.on_ack = lambda ack: disk.told(ack.epoch, ack.position)
    await desk.sync(Wire(wearable, desk.clock))
    wearable.journal += FIRST[6000:10_000]
    wire = Wire(wearable, desk.clock)
    wire.cut_after = 15
    with pytest.raises(RadioError):
        await desk.sync(wire)
    desk.restart()
    wearable.journal += FIRST[10_000 : GAP[0]]
    await desk.sync(Wire(wearable, desk.clock))
    (journal,) = desk.journals()
    disk.confirmed(EPOCH, CONFIRMED)
    journal.set_uploaded(CONFIRMED)
    journal_folder = desk.spool.device(wearable.device_id)
    journal_folder.drop_before(journal, CUT)
    wearable.start = GAP[1]
    wearable.journal += FIRST[GAP[0] :]
    await desk.sync(Wire(wearable, desk.clock))
    wearable.epoch, wearable.start, wearable.journal = EPOCH + 1, 0, bytearray(SECOND)
    await desk.sync(Wire(wearable, desk.clock))
    desk.spool.close()
    return disk.steps, wearable


@pytest.fixture(scope="module")
async def life(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Step], Wearable]:
    top = tmp_path_factory.mktemp("life")
    with pytest.MonkeyPatch.context() as patch:
        return top, *await a_life(top, patch)


def states(steps: list[Step]) -> Iterator[tuple[int, Medium]]:
    """The disk after each step that the law may depend on: of writes in a row all but a few are alike."""
    medium = Medium()
    for number, step in enumerate(steps):
        medium.do(step)
        following = steps[number + 1].what if number + 1 < len(steps) else ""
        if step.what != "write" or following != "write" or number % 16 == 0:
            yield number, medium


def missing(folder: Path, steps: list[Step]) -> str:
    """What was told to be held and is not: neither there nor, as the server said, on the server."""
    told: dict[int, int] = {}
    confirmed: dict[int, int] = {}
    for step in steps:
        if step.what in ("told", "confirmed"):
            table = told if step.what == "told" else confirmed
            table[step.number] = max(table.get(step.number, 0), step.at)
    for epoch, position in told.items():
        whole = FIRST if epoch == EPOCH else SECOND
        wanted = bytearray(b"\1" * position)
        wanted[: confirmed.get(epoch, 0)] = bytes(min(confirmed.get(epoch, 0), position))
        if epoch == EPOCH:
            wanted[slice(*GAP)] = bytes(len(wanted[slice(*GAP)]))
        for _, of, start, path in spooled_journals(folder):
            if of == epoch:
                strike_out(wanted, whole, start, path.read_bytes())
        if any(wanted):
            return f"byte {wanted.index(1)} of {position} in {epoch:08x}"
    return ""


def strike_out(wanted: bytearray, whole: bytes, start: int, data: bytes) -> None:
    """What a file that begins at `start` holds of the whole is not wanted any more."""
    for at in range(start, min(start + len(data), len(wanted)), 64):
        end = min(at + 64, start + len(data), len(wanted))
        if data[at - start : end - start] == whole[at:end]:
            wanted[at:end] = bytes(end - at)


def test_the_life_has_all_that_matters(life: tuple[Path, list[Step], Wearable]) -> None:
    kinds = {step.what for step in life[1]}
    assert kinds == {"create", "write", "sync", "sync names", "rename", "unlink", "told", "confirmed"}
    assert sum(step.what == "told" for step in life[1]) > 10


def test_whatever_is_acknowledged_was_synced_before(life: tuple[Path, list[Step], Wearable], tmp_path: Path) -> None:
    """The least that a power cut leaves: what was not synced is gone, at each step."""
    top, steps, _ = life
    for number, medium in states(steps):
        folder = tmp_path / str(number)
        lay_out(*medium.after_power_cut(random.Random(number), 0.0), top, folder)
        assert missing(folder / "spool", steps[: number + 1]) == "", steps[number].what


async def test_names_that_a_killed_gateway_left_are_synced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill keeps a name that was never synced; it must not go in a power cut after the next one acknowledged."""
    wearable = Wearable(FIRST[:1000])
    folder = tmp_path / "new" / "spool" / wearable.device_id.hex()
    folder.mkdir(parents=True)
    (folder / f"{EPOCH:08x}.journal").touch()
    disk = WitnessedDisk(tmp_path, monkeypatch)
    wearable.on_ack = lambda ack: disk.told(ack.epoch, ack.position)
    desk = Desk(folder.parent)
    await desk.sync(Wire(wearable, desk.clock))
    desk.spool.close()
    first_told = next(number for number, step in enumerate(disk.steps) if step.what == "told" and step.at)
    synced = {step.path for step in disk.steps[:first_told] if step.what == "sync names"}
    assert synced >= {folder, folder.parent, folder.parent.parent}


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
async def test_after_a_power_cut_at_any_call_a_new_gateway_ends_with_the_same_bytes(
    life: tuple[Path, list[Step], Wearable], tmp_path: Path, share: float
) -> None:
    chance = random.Random(int(share * 10))
    await come_back(life, tmp_path, lambda medium: medium.after_power_cut(chance, share), "next boot")


async def test_after_a_kill_at_any_call_a_new_gateway_ends_with_the_same_bytes(
    life: tuple[Path, list[Step], Wearable], tmp_path: Path
) -> None:
    await come_back(life, tmp_path, Medium.after_kill, "this boot")


async def come_back(
    life: tuple[Path, list[Step], Wearable],
    target: Path,
    left: Callable[[Medium], tuple[dict[Path, int], dict[int, bytes]]],
    boot: str,
) -> None:
    """Lay out what each step leaves, check it, and let a new gateway go on there."""
    top, steps, wearable = life
    wearable.on_ack = lambda _ack: None
    for number, medium in states(steps):
        folder = target / str(number) / "spool"
        lay_out(*left(medium), top, target / str(number))
        assert missing(folder, steps[: number + 1]) == "", (number, steps[number].what)
        desk = Desk(folder)
        desk.restart(boot)
        try:
            await desk.sync(Wire(wearable, desk.clock))
            newest = max(desk.journals(), key=lambda journal: (journal.epoch, journal.start))
            assert newest.path.read_bytes() == SECOND and newest.durable == len(SECOND)
            assert missing(folder, steps[: number + 1]) == "", "nothing is lost by going on"
            for journal in desk.journals():
                whole = FIRST if journal.epoch == EPOCH else SECOND
                assert (
                    journal.read(journal.start, 1 << 20)[: journal.durable - journal.start]
                    == (whole[journal.start : journal.durable])
                ), "what is uploaded are the wearable's bytes"
        finally:
            desk.spool.close()
