# pyright: reportMissingImports=false, reportMissingParameterType=false
"""NOR flash: erasing sets ones, programming clears them, everything is counted, and a cut leaves half a job."""

import os

from silicon.nor import BLOCK, Nor

_PATH = "laws.bin"


class Dead(Exception):
    pass


def die():
    raise Dead


def flash(blocks=4):
    for name in (_PATH, _PATH + ".wear"):
        try:
            os.remove(name)
        except OSError:
            pass
    with open(_PATH, "wb") as file:
        file.write(b"\xff" * (BLOCK * blocks))
    return Nor(_PATH, die)


def read(nor, address, size):
    buffer = bytearray(size)
    nor.read(address, buffer)
    return bytes(buffer)


def test_programming_only_clears_bits_and_counts_what_it_could_not():
    nor = flash()
    nor.program(10, b"\xf0\x0f")
    assert read(nor, 9, 4) == b"\xff\xf0\x0f\xff" and nor.violations == 0
    nor.program(10, b"\x70\x0f")
    assert read(nor, 10, 2) == b"\x70\x0f" and nor.violations == 0
    nor.program(10, b"\xff\xff")
    assert read(nor, 10, 2) == b"\x70\x0f" and nor.violations == 1


def test_erasing_sets_one_block_and_is_counted_by_block():
    nor = flash()
    nor.program(BLOCK - 1, b"\0\0")
    nor.erase(1)
    assert read(nor, BLOCK - 1, 2) == b"\x00\xff"
    nor.erase(1)
    assert [nor.erases(block) for block in range(4)] == [0, 2, 0, 0]
    assert nor.operations == 3


def test_the_life_of_the_flash_goes_on_with_the_next_boot():
    nor = flash()
    nor.program(0, b"\x01")
    nor.program(0, b"\x02")
    nor.erase(3)
    again = Nor(_PATH, die)
    assert (again.operations, again.violations, again.erases(3)) == (3, 1, 1)
    assert read(again, 0, 1) == b"\x00"


def test_the_end_is_the_end():
    nor = flash(1)
    for attempt in (lambda: nor.program(BLOCK - 1, b"ab"), lambda: nor.erase(1), lambda: nor.read(-1, bytearray(1))):
        try:
            attempt()
        except OSError as error:
            assert error.errno == 22
        else:
            raise AssertionError("it went beyond the end")


def test_a_cut_program_leaves_a_prefix_and_never_a_bit_that_was_not_asked_for():
    data = bytes((i * 7) & 0xFF for i in range(300))
    lengths = set()
    for seed in range(30):
        nor = flash(1)
        nor.cut_at, nor.cut_seed = 1, seed
        try:
            nor.program(100, data)
            raise AssertionError("the power did not fail")
        except Dead:
            pass
        left = read(nor, 100, 300)
        done = 0
        while done < 300 and left[done] == data[done]:
            done += 1
        rest = left[done:]
        assert all(byte == 0xFF for byte in rest[1:]), seed
        assert not rest or rest[0] & data[done] == data[done], seed
        lengths.add(done)
    assert len(lengths) > 10


def test_a_cut_erase_leaves_nothing_half_or_noise_and_the_same_seed_the_same():
    def after(seed):
        nor = flash(1)
        nor.program(0, bytes(BLOCK))
        nor.cut_at, nor.cut_seed = 2, seed
        try:
            nor.erase(0)
            raise AssertionError("the power did not fail")
        except Dead:
            pass
        return read(nor, 0, BLOCK)

    seen = [after(seed) for seed in range(12)]
    assert bytes(BLOCK) in seen and b"\xff" * 2048 + bytes(2048) in seen
    assert any(cells[0] not in (0, 0xFF) for cells in seen)
    assert after(5) == after(5)
