"""The pins and buses of a board at a pseudo-terminal: what lies on the bus is in bench.json of its working folder."""

import json
import sys


def _bench():
    with open("bench.json") as file:
        return json.load(file)


class Pin:
    IN, OUT, PULL_UP, IRQ_FALLING = 0, 1, 2, 4

    def __init__(self, number: int, mode: int = IN, pull: int = 0) -> None:
        self._number = number

    def value(self, level: int = 0):
        return 0 if self._number in _bench()["low"] else 1


class I2C:
    def __init__(self, number: int, *, scl: Pin, sda: Pin, freq: int) -> None:
        pass

    def scan(self):
        return _bench()["i2c"]


class UART:
    def __init__(self, number: int, *, baudrate: int, tx: int, rx: int, rxbuf: int) -> None:
        self._waiting = _bench()["gps"]

    def any(self):
        return self._waiting

    def read(self):
        self._waiting = 0


class RTC:
    pass


def reset():
    # The process ends, and the pseudo-terminal starts another: all that was in memory is gone.
    sys.exit(0)


freq = reset_cause = None
