"""The journal under power cuts: every boot succeeds, nothing committed is lost, the last chunk of samples at most."""

from firmware.journal_life import KEY, Life, walk
from paceline_protocol.records import CRASH, pack_fields


def _lives(blocks: int, seed: int, boots: int, longest: int) -> Life:
    life = Life(blocks, seed)
    for _ in range(boots):
        journal = life.boot_through(life.dice.below(3))
        life.check(journal, True)
        life.record_until_cut(journal, life.dice.below(longest))
    life.check(life.boot(), True)
    return life


def test_random_cuts_on_a_ring_that_wraps_lose_no_record() -> None:
    life = _lives(blocks=4, seed=11, boots=300, longest=40)
    assert max(life.flash.erases) > 10, "the ring did not wrap"


def test_cuts_in_quick_succession_stop_no_boot() -> None:
    _lives(blocks=3, seed=12, boots=400, longest=4)


def test_a_cut_at_every_operation_of_the_first_pages() -> None:
    for operation in range(60):
        life = Life(3, 100 + operation)
        life.flash = life.flash.boot()
        life.flash.cut_in = operation
        try:
            journal = life.boot()
        except OSError:
            journal = life.boot()
        life.record_until_cut(journal, operation)
        life.check(life.boot(), True)


def test_an_even_load_wears_all_blocks_alike() -> None:
    life = Life(5, 13)
    journal = life.boot()
    while min(life.flash.erases) < 4:
        life.append(journal, CRASH, pack_fields(CRASH, 0, "x" * 200))
    assert max(life.flash.erases) - min(life.flash.erases) <= 1
    life.check(journal, False)


def test_overwriting_unconfirmed_pages_is_counted() -> None:
    life = Life(3, 14)
    journal = life.boot()
    payload = pack_fields(CRASH, 0, "x" * 200)
    while journal.start == 0:
        life.append(journal, CRASH, payload)
    assert journal.lost_pages == 1
    assert journal.confirm(journal.end)
    assert not journal.confirm(journal.end + 1)
    end = journal.end
    while journal.start < end - 4096:
        life.append(journal, CRASH, payload)
    assert journal.lost_pages == 1


def test_a_finished_workout_is_sealed_at_once() -> None:
    life = Life(3, 15)
    journal = life.boot()
    for t_s in range(1, 100):
        journal.append_sample(*walk(t_s))
    life.append(journal, CRASH, b"\x63\0\0\0end")
    end = journal.end
    journal.seal()
    _, times, reader = life.read(journal)
    assert times == list(range(1, 100))
    assert reader.sealed(0, end)
    assert len(KEY) == 32
