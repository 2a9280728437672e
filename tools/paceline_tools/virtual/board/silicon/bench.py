"""The workbench: the one board of this process, its clock, its cable and what is soldered to it.

power_on.py fills it; `machine`, `time`, `select` and `bluetooth` reach the hardware through it.
"""

import json

import utime

_REPORT_EVERY_US = 100_000

clock = None
cable = None
config = {}
i2c_devices = {}
uart_peer = None
pins = {}
partitions = {}
alarms = []  # functions giving the next virtual microsecond at which hardware does something, or None
watchdog = None
_services = []
_ticks_at_boot_us = 0
_rtc = {"offset_us": 0, "memory": ""}
_reported = 0


def start(settings: dict, the_clock, the_cable) -> None:
    """Power the bench up; `settings` is the host's boot file (see VirtualWearable)."""
    global clock, cable, config, _ticks_at_boot_us
    clock, cable, config = the_clock, the_cable, settings
    _ticks_at_boot_us = settings.get("ticks_at_boot_us", 0)
    if settings["reset_cause"] != 1:  # the real-time clock and its memory survive every reset but loss of power
        try:
            with open(settings["state"] + "/rtc.json") as file:
                _rtc.update(json.load(file))
        except OSError:
            pass
    else:
        _rtc["offset_us"] = -settings["utc_us"]


def every_rest(service) -> None:
    """Have `service()` called whenever the program sleeps or polls."""
    _services.append(service)


def ticks_us() -> int:
    """Microseconds of the board's counter, not wrapped."""
    return clock.now_us() + _ticks_at_boot_us


def rest_ms(wanted_ms: int) -> None:
    """Let virtual time pass (without bound when negative); may return earlier, with interrupts taken."""
    clock.rest(_bounded(-1 if wanted_ms < 0 else wanted_ms * 1000), cable.wait)
    service()


def sleep_us(us: int) -> None:
    """Block for that long, taking interrupts."""
    end = clock.now_us() + us
    left = us
    while left > 0:
        clock.rest(_bounded(left), cable.wait)
        service()
        left = end - clock.now_us()


def service() -> None:
    """Take the interrupts that are due and tell the host how far we are."""
    global _reported
    cable.pump()
    for run in _services:
        run()
    now = utime.ticks_us()
    if utime.ticks_diff(now, _reported) >= _REPORT_EVERY_US:
        _reported = now
        report()


def report(more: dict = None) -> None:
    """Tell the host the world's time, each flash region's operations and violations, and what else was asked for."""
    flash = {label: [nor.operations, nor.violations] for label, nor in partitions.items()}
    telling = {"utc_us": clock.utc_us(), "now_us": clock.now_us(), "flash": flash}
    telling.update(more or {})
    cable.send({"report": telling})


def rtc_us() -> int:
    """Microseconds of the real-time clock since 2000-01-01."""
    return clock.utc_us() + _rtc["offset_us"]


def set_rtc_us(value: int) -> None:
    """Set the real-time clock."""
    _rtc["offset_us"] = value - clock.utc_us()
    _save_rtc()


def rtc_memory(data: bytes = None) -> bytes:
    """Read, or replace, the memory that survives a reset."""
    if data is not None:
        _rtc["memory"] = bytes(data).hex()
        _save_rtc()
    return bytes.fromhex(_rtc["memory"])


def _save_rtc() -> None:
    with open(config["state"] + "/rtc.json", "w") as file:
        json.dump(_rtc, file)


def _bounded(wanted_us: int) -> int:
    now = clock.now_us()
    longest = int(_REPORT_EVERY_US * clock.speed)
    if wanted_us < 0 or wanted_us > longest:
        wanted_us = longest  # come up for a report
    for alarm in alarms:
        due = alarm()
        # What is due already has had its chance to wake somebody up.
        if due is not None and now < due < now + wanted_us:
            wanted_us = due - now
    return wanted_us


def open_flash(make, entry: dict):
    """Open a partition's cells with the power cut that the host ordered."""
    nor = make(config["state"] + "/flash-" + entry["label"] + ".bin")
    cut = config.get("power_cut")
    if cut:
        nor.cut_at = cut.get("at", nor.operations + cut.get("after", 0))
        nor.cut_seed = cut.get("seed", 0)
    return nor


def check_wiring(bus: str, pins: tuple) -> None:
    """Refuse a bus on pins that are not those of the circuit, which a typing error in the board file would give."""
    wired = config.get("wiring", {}).get(bus)
    numbers = [pin._line.number if hasattr(pin, "_line") else pin for pin in pins if pin is not None]
    if wired and numbers and numbers != wired:
        raise ValueError("%s on pins %s, but the circuit has it on %s" % (bus, numbers, wired))
