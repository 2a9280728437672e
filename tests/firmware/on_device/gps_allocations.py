"""On MicroPython only: sentences, solutions and reception take nothing from the heap once they run."""

import gc

from wearable.drivers.nmea import NmeaParser
from wearable.gps.reception import Reception
from wearable.gps.solution import Solution

_ROUNDS = 60
_LINES = (
    "GNRMC,0708%02d.00,A,4723.86274,N,00832.74073,W,6.253,71.0,090624,,,A,V",
    "GNVTG,71.0,T,,M,6.253,N,11.58,K,A",
    "GNGGA,0708%02d.00,4723.86274,N,00832.74073,W,1,17,0.80,408.45,M,47.0,M,,",
    "GNGSA,A,3,03,04,,,,,,,,,,,1.50,0.80,1.20,1",
    "GPGSV,3,1,10,16,74,173,27,23,42,310,21,31,40,066,23,32,39,218,22",
)


def _second(second: int) -> bytes:
    lines = []
    for line in _LINES:
        text = line % second if "%" in line else line
        total = 0
        for byte in text.encode():
            total ^= byte
        lines.append(f"${text}*{total:02X}\r\n")
    return "".join(lines).encode()


def test_nmea_takes_nothing_from_the_heap() -> None:
    seconds = [_second(second) for second in range(_ROUNDS)]
    parser = NmeaParser(Solution())
    reception = Reception()
    found = [0]

    def read(rounds: int) -> None:
        for second in range(rounds):
            data = seconds[second]
            at = parser.put(data, 0, len(data))
            while at >= 0:
                found[0] += 1
                reception.take(parser.solution, second)
                at = parser.put(data, at, len(data))

    read(10)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    read(_ROUNDS)
    after = gc.mem_alloc()
    gc.enable()
    assert after - before == 0, after - before
    assert found[0] == 10 + _ROUNDS
    assert parser.solution.fix == 3 and parser.solution.longitude_udeg == -8_545_679
