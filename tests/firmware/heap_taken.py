"""On MicroPython only: what a step takes from the heap once it has run for a while."""

import gc


def heap_taken(step, rounds: int) -> int:
    """Return the bytes that `rounds` calls of step(i) take from the heap, after as many that warm it up."""
    for i in range(rounds):
        step(i)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for i in range(rounds):
        step(i)
    after = gc.mem_alloc()
    gc.enable()
    return after - before
