"""The circuit: which chips are on the board, and the host's hands on it (speed, buttons, track, battery, power)."""

from silicon import bench, power
from silicon.body import Body
from silicon.cable import Cable
from silicon.clock import Clock
from silicon.lps22hb import ADDRESS as LPS22HB
from silicon.lps22hb import Lps22hb
from silicon.lsm6dsox import ADDRESS as LSM6DSOX
from silicon.lsm6dsox import Lsm6dsox
from silicon.max17048 import ADDRESS as MAX17048
from silicon.max17048 import Max17048
from silicon.max30101 import ADDRESS as MAX30101
from silicon.max30101 import Max30101
from silicon.pins import line
from silicon.ssd1306 import ADDRESS as SSD1306
from silicon.ssd1306 import Ssd1306
from silicon.track import Track
from silicon.ublox_m10 import UbloxM10

_body = Body()
_CHIPS = {"heart": MAX30101, "motion": LSM6DSOX, "gauge": MAX17048, "air": LPS22HB}
_unplugged = {}  # by address
_plans = []  # (time since boot, action, its arguments): what the host ordered for a moment to come


def power_up(settings: dict) -> None:
    """Put everything on the bench; `settings` is the boot file."""
    clock = Clock(settings.get("speed", 1), settings["utc_us"])
    cable = Cable(settings["socket"])
    bench.start(settings, clock, cable)
    if settings.get("track"):
        _load_track(settings["track"])
    wiring = settings.get("wiring", {})
    pulse = Max30101(clock.utc_us, _body, _driver(wiring.get("pulse_interrupt")))
    motion = Lsm6dsox(clock.utc_us, _body, _driver(wiring.get("motion_interrupt")))
    bench.i2c_devices = {
        MAX30101: pulse,
        LSM6DSOX: motion,
        MAX17048: Max17048(clock.utc_us, settings.get("charge_percent", 90)),
    }
    if settings.get("barometer"):
        bench.i2c_devices[LPS22HB] = Lps22hb(clock.utc_us, _body)
    if settings.get("display", True):
        bench.i2c_devices[SSD1306] = Ssd1306()
    bench.uart_peer = UbloxM10(clock.utc_us, _body, settings.get("receiver"))
    bench.alarms.append(_in_boot_time(bench.uart_peer.next_event_us))
    bench.alarms.append(_in_boot_time(pulse.next_event_us))
    bench.alarms.append(_in_boot_time(motion.next_event_us))
    bench.alarms.append(_next_plan_us)
    bench.every_rest(pulse.update_interrupt)
    bench.every_rest(motion.update_interrupt)
    bench.every_rest(_do_planned)
    cable.handlers["bench"] = _command
    cable.send({"ready": True})


def _driver(pin):
    # A pin of None is a wire that broke.
    return None if pin is None else line(pin).drive


def _in_boot_time(next_utc_us):
    def alarm():
        due = next_utc_us()
        return None if due is None else due - bench.clock.utc_us() + bench.clock.now_us()

    return alarm


def _load_track(track: dict) -> None:
    _body.wear(Track(track["path"], track["start_utc_us"]))


def _press(pin: int, at_utc_us, for_us: int) -> None:
    down = _moment(at_utc_us)
    _plans.append((down, line(pin).drive, (0,)))
    _plans.append((down + for_us, line(pin).drive, (None,)))
    _do_planned()


def _plan(at_utc_us, action, *arguments) -> None:
    _plans.append((_moment(at_utc_us), action, arguments))
    _do_planned()


def _moment(at_utc_us) -> int:
    now = bench.clock.now_us()
    return now if at_utc_us is None else max(now, at_utc_us - bench.clock.utc_us() + now)


def _next_plan_us():
    return min([due for due, _, _ in _plans]) if _plans else None


def _do_planned() -> None:
    now = bench.clock.now_us()
    for plan in [item for item in _plans if item[0] <= now]:
        _plans.remove(plan)
        plan[1](*plan[2])


def _show_picture(number: int) -> None:
    display = bench.i2c_devices.get(SSD1306)
    ram = display.ram.hex() if display else ""
    lit = display.lit() if display else False
    bench.report({"picture": {"number": number, "lit": lit, "ram": ram, "written": display.written if display else 0}})


def _cut_power(arguments: dict) -> None:
    bench.config["power_cut"] = arguments
    for nor in bench.partitions.values():
        nor.cut_at = arguments.get("at", nor.operations + arguments.get("after", 0))
        nor.cut_seed = arguments.get("seed", 0)


def _charge(percent: float) -> None:
    bench.i2c_devices[MAX17048].set_charge(percent)


def _unplug(chip: str) -> None:
    _move(_CHIPS[chip], bench.i2c_devices, _unplugged)


def _plug(chip: str) -> None:
    _move(_CHIPS[chip], _unplugged, bench.i2c_devices)


def _move(address: int, here: dict, there: dict) -> None:
    if address in here:
        there[address] = here.pop(address)


_COMMANDS = {
    "speed": lambda arguments: bench.clock.set_speed(arguments["speed"]),
    "track": _load_track,
    "pin": lambda arguments: line(arguments["pin"]).drive(arguments["level"]),
    "press": lambda arguments: _press(arguments["pin"], arguments["at_utc_us"], arguments["for_us"]),
    "charge": lambda arguments: _plan(arguments["at_utc_us"], _charge, arguments["percent"]),
    "unplug": lambda arguments: _plan(arguments["at_utc_us"], _unplug, arguments["chip"]),
    "plug": lambda arguments: _plan(arguments["at_utc_us"], _plug, arguments["chip"]),
    "power_cut": _cut_power,
    "picture": lambda arguments: _plan(arguments["at_utc_us"], _show_picture, arguments["number"]),
    "report": lambda _arguments: bench.report(),
    "power_off": lambda _arguments: power.stop(power.POWER_CUT_SIGNAL),
}


def _command(header: dict, _payload: bytes) -> None:
    command = _COMMANDS.get(header["bench"])
    if command:
        command(header.get("arguments", {}))
