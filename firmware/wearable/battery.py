"""The cell: charge, and how long it lasts as things go."""

from micropython import const

_CHARGING = const(10)  # thousandths of the whole per hour
_MOST_HOURS = const(999)


class Battery:
    """The cell as last measured; 0 mV means not measured.

    `hours_left` is -1 on the charger and while the gauge has seen no discharge.
    """

    def __init__(self) -> None:
        self.millivolt = 0
        self.percent = 0
        self.charging = False
        self.hours_left = -1

    def read(self, gauge) -> None:
        """Measure; OSError when the gauge is not there, and nothing is changed."""
        millivolt = gauge.millivolt()
        percent = gauge.percent()
        rate = gauge.rate()
        self.millivolt = millivolt
        self.percent = percent
        self.charging = rate >= _CHARGING
        self.hours_left = min(percent * 10 // -rate, _MOST_HOURS) if rate < 0 else -1
