"""What must hold of the circuit: pins, addresses, the bus, supplies, the cell, and KiCad's electrical rules.

Each rule yields a sentence for each violation; none means that it holds.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from paceline_tools.hardware.description import Board, Feed, Part, Supply

# I2C fast mode (UM10204, table 10 and section 7.1): rise time, what an output sinks at 0.4 V, what a chip's pin adds.
_RISE_NS, _SINK_MA, _SINK_V, _CHIP_PF, _MOST_PF = 300, 3.0, 0.4, 10, 400
_I2C_RESERVED = (range(0x08), range(0x78, 0x80))
_RISE = 0.8473  # of a time constant, from 30 to 70 % of the supply
_TYPES = frozenset({"input", "output", "bidirectional", "open_collector", "passive", "power_in", "power_out"})
_DRIVES = frozenset({"output", "bidirectional", "open_collector", "power_out", "passive"})


def pins_exist(board: Board) -> Iterator[str]:
    """Every pin of a net is a pin of a part, and has a known electrical type."""
    known = {f"{part.ref}.{pin}" for part in board.parts for pin in part.pins}
    for net, pins in board.nets.items():
        yield from (f"{net} leads to {pin}, which no part has" for pin in pins if pin not in known)
    for part in board.parts:
        yield from (f"{part.ref}.{pin} is {kind!r}" for pin, kind in part.pins.items() if kind not in _TYPES)
    yield from (f"{ref} is used twice" for ref, count in Counter(part.ref for part in board.parts).items() if count > 1)


def pins_are_wired_once(board: Board) -> Iterator[str]:
    """No pin lies on two nets or is left open without being said to be; no net has fewer than two pins."""
    used = Counter(pin for pins in board.nets.values() for pin in pins)
    yield from (f"{pin} is used {count} times" for pin, count in used.items() if count > 1)
    for part in board.parts:
        for pin in part.pins:
            if (f"{part.ref}.{pin}" in used) == (pin in part.unconnected):
                yield f"{part.ref}.{pin} is " + ("wired and said not to be" if pin in part.unconnected else "not wired")
    yield from (f"{net} has {len(pins)} pins" for net, pins in board.nets.items() if len(pins) < 2)


def signals_are_wired(board: Board) -> Iterator[str]:
    """Each signal of the firmware has a GPIO of its own, which lies on a net; each GPIO on a net is a signal."""
    used = Counter(signal.gpio for signal in board.signals)
    yield from (f"GPIO {gpio} is used by {count} signals" for gpio, count in used.items() if count > 1)
    for pin in board.module.gpio:
        wired = board.net_of(f"{board.module.ref}.{pin}") is not None
        if wired != any(signal.pin == pin for signal in board.signals):
            yield f"{pin} is " + ("wired but no signal" if wired else "a signal but not wired")


def reserved_pins_stay_free(board: Board) -> Iterator[str]:
    """No signal lies on a pin that is sampled at reset, that USB has, or behind which lies the flash."""
    for signal in board.signals:
        kinds = {"strapping": board.module.strapping, "USB": board.module.usb, "flash": board.module.in_package}
        for kind, gpios in kinds.items():
            if signal.gpio in gpios:
                yield f"{signal.name} is on GPIO {signal.gpio}, a {kind} pin"


def addresses_are_distinct(board: Board) -> Iterator[str]:
    """Each chip on the bus has an address of its own that is not reserved, and lies on both lines."""
    chips = [(part, part.i2c_address) for part in board.parts if part.i2c_address is not None]
    used = Counter(address for _, address in chips)
    yield from (f"{address:#04x} is used {count} times" for address, count in used.items() if count > 1)
    for part, address in chips:
        if not 0 <= address < 0x80 or any(address in reserved for reserved in _I2C_RESERVED):
            yield f"{part.ref} has the reserved address {address:#04x}"
        nets = {board.net_of(f"{part.ref}.{pin}") for pin in part.pins}
        yield from (f"{part.ref} is not on {line}" for line in (board.bus.sda, board.bus.scl) if line not in nets)


def pull_up_ohm(board: Board) -> float:
    """Return what pulls each line of the bus up: all pull-ups of the breakouts in parallel; 0 without any."""
    each = [part.i2c_pull_up_ohm for part in board.parts if part.i2c_pull_up_ohm]
    return 1 / sum(1 / ohm for ohm in each) if each else 0.0


def bus_pf(board: Board) -> float:
    """Return the capacitance of a line of the bus."""
    return board.bus.wire_pf + _CHIP_PF * len(board.nets.get(board.bus.sda, ()))


def pull_ups_are_plausible(board: Board) -> Iterator[str]:
    """A line rises in time, and each chip can pull it down."""
    ohm, farad_p = pull_up_ohm(board), bus_pf(board)
    if not ohm:
        yield "nothing pulls the bus up"
        return
    high_v = _supply(board, board.bus.supply).volts[1]
    sunk_ma = (high_v - _SINK_V) / ohm * 1000
    if sunk_ma > _SINK_MA:
        yield f"a chip has to sink {sunk_ma:.1f} mA, more than {_SINK_MA:.0f}: too many pull-ups ({ohm:.0f} Ω)"
    if (rise_ns := _RISE * ohm * farad_p / 1000) > _RISE_NS:
        yield f"a line of the bus rises in {rise_ns:.0f} ns, more than {_RISE_NS}: pull-ups too weak ({ohm:.0f} Ω)"
    if farad_p > _MOST_PF:
        yield f"the bus has {farad_p:.0f} pF, more than {_MOST_PF}"


def parts_stand_their_supply(board: Board) -> Iterator[str]:
    """Each part is wired to the net that feeds it, and stands all the volts that this may have."""
    nets = {supply.net: supply for supply in board.supplies}
    for part in board.parts:
        for feed in part.feeds:
            if feed.net not in nets:
                yield f"{part.ref} is fed by {feed.net}, which is no supply"
                continue
            if not _is_fed(board, part, feed):
                yield f"{part.ref} is not wired to {feed.net}"
            low, high = nets[feed.net].volts
            if low < feed.volts[0] or high > feed.volts[1]:
                yield f"{part.ref} stands {feed.volts[0]} to {feed.volts[1]} V, {feed.net} has {low} to {high}"


def _is_fed(board: Board, part: Part, feed: Feed) -> bool:
    pins = [feed.pin] if feed.pin else list(part.pins)
    return any(board.net_of(f"{part.ref}.{pin}") == feed.net for pin in pins)


def peak_ma(board: Board, net: str) -> float:
    """Return the most that a supply may have to give at once: its parts, and the supplies made from it."""
    parts = sum(feed.peak_ma for part in board.parts for feed in part.feeds if feed.net == net)
    others = (supply for supply in board.supplies if supply.drawn_from == net)
    return parts + sum(peak_ma(board, supply.net) * supply.ratio for supply in others)


def supplies_suffice(board: Board) -> Iterator[str]:
    """No supply has to give more than it can, all parts at their peak; the cell is charged and emptied gently."""
    for supply in board.supplies:
        if (peak := peak_ma(board, supply.net)) > supply.limit_ma:
            yield f"{supply.net} has to give {peak:.0f} mA, more than {supply.limit_ma:.0f}"
        if supply.comes_from not in board.nets.get(supply.net, ()):
            yield f"{supply.net} does not lie on {supply.comes_from}"
    cell = board.cell
    if board.module.charge_ma > cell.capacity_mah * cell.largest_charge_c:
        yield f"the charger gives {board.module.charge_ma:.0f} mA, too much for {cell.capacity_mah:.0f} mAh"
    fed = next((supply for supply in board.supplies if supply.comes_from.startswith(f"{cell.ref}.")), None)
    if fed is None or peak_ma(board, fed.net) > cell.capacity_mah * cell.largest_discharge_c:
        yield f"the cell of {cell.capacity_mah:.0f} mAh feeds nothing, or has to give too much"


def pins_agree(board: Board) -> Iterator[str]:
    """KiCad's electrical rules: no two outputs against each other, no input without a driver, no unfed supply pin."""
    kinds = {f"{part.ref}.{pin}": kind for part in board.parts for pin, kind in part.pins.items()}
    for net, pins in board.nets.items():
        on_net = Counter(kinds.get(pin, "passive") for pin in pins)
        strong = on_net["output"] + on_net["power_out"]
        if strong > 1 or (on_net["output"] and on_net["open_collector"]):
            yield f"{net} is driven by {strong} outputs" + (
                " and an open collector" if on_net["open_collector"] else ""
            )
        if on_net["power_in"] and not on_net["power_out"]:
            yield f"{net} feeds parts and is fed by none"
        if on_net["input"] and not any(on_net[kind] for kind in _DRIVES):
            yield f"{net} has inputs that nothing drives"


def parts_can_be_bought(board: Board) -> Iterator[str]:
    """Each part has a price, two sources and an equivalent."""
    for part in board.parts:
        if len(part.sources) < 2 or not part.equivalent or part.price_eur <= 0:
            yield f"{part.ref} needs two sources, an equivalent and a price"


def _supply(board: Board, net: str) -> Supply:
    return next(supply for supply in board.supplies if supply.net == net)


RULES: tuple[Callable[[Board], Iterator[str]], ...] = (
    pins_exist,
    pins_are_wired_once,
    signals_are_wired,
    reserved_pins_stay_free,
    addresses_are_distinct,
    pull_ups_are_plausible,
    parts_stand_their_supply,
    supplies_suffice,
    pins_agree,
    parts_can_be_bought,
)


def violations(board: Board) -> list[str]:
    """Everything that any rule says of the board."""
    return [f"{rule.__name__}: {said}" for rule in RULES for said in rule(board)]
