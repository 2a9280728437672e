"""The processor's pins: levels that the bench drives (buttons, interrupt lines) or the firmware does (motor, LEDs)."""

from silicon import bench


class Line:
    """One pin's wire. Nothing drives it until drive(); then the pull does not matter."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.driven = None
        self.output = None
        self.pull = None
        self.edge_handler = None

    def level(self) -> int:
        """Return what a reader sees."""
        if self.output is not None:
            return self.output
        if self.driven is not None:
            return self.driven
        return 1 if self.pull == 2 else 0

    def drive(self, level) -> None:
        """Put a level on the wire from outside; None lets go of it."""
        before = self.level()
        self.driven = level
        after = self.level()
        if after != before and self.edge_handler:
            self.edge_handler(after)


def line(number: int) -> Line:
    """Return the wire of a pin."""
    if number not in bench.pins:
        bench.pins[number] = Line(number)
    return bench.pins[number]
