"""Bluetooth: BlueZ, its version, the adapters, and whether a scan really begins."""

import asyncio
from collections.abc import Iterator, Sequence

from paceline_gateway.doctor.finding import Finding, note, ok, problem
from paceline_gateway.errors import RadioError
from paceline_gateway.radio.bluez import Adapter, BlueZ
from paceline_gateway.radio.scanner import Scanner
from paceline_gateway.radio.sighting import Sighting

OLDEST = (5, 55)
"""What bleak supports."""
LOSSY = (5, 66)
"""The newest that was seen to lose notifications under load; 5.82 was not."""
_ABOUT = "Bluetooth"
_UNANSWERED = {
    "termux": (
        "Android lets only apps use it, Termux has none",
        "here the gateway uploads, shows and inspects a spool; pull on a computer (README, On a phone)",
    ),
    "no_bus": (
        "no system D-Bus, over which BlueZ is asked",
        "install and start it: sudo apt install dbus bluez; in a container, mount /run/dbus",
    ),
    "denied": (
        "this user may not talk to BlueZ",
        "sudo usermod -aG bluetooth $USER, then log in again (a service: SupplementaryGroups=bluetooth)",
    ),
    "absent": ("BlueZ does not run", "sudo apt install bluez; sudo systemctl enable --now bluetooth"),
}


def bluez_findings(bluez: BlueZ, adapters: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield what is to be said of BlueZ's answer and of the adapters that the settings name."""
    if bluez.problem == "not_linux":
        yield note(_ABOUT, f"{bluez.detail}: its own Bluetooth is used, only the scan below tells about it")
        return
    if bluez.problem:
        text, advice = _UNANSWERED[bluez.problem]
        yield problem(_ABOUT, f"{text} ({bluez.detail})", advice)
        return
    versions = [adapter.version for adapter in bluez.adapters if adapter.version]
    if versions:
        yield _version_finding(versions[0])
    if not bluez.adapters:
        yield problem(
            "adapter",
            "BlueZ has none",
            "plug one in; on a Raspberry Pi, see that config.txt has no dtoverlay=disable-bt",
        )
    for name in sorted(set(adapters) - {adapter.name for adapter in bluez.adapters}):
        yield problem("adapter", f"{name} is in the settings but not in this machine", "plug it in, or change adapters")
    usable = [adapter for adapter in bluez.adapters if adapter.powered and adapter.central]
    for adapter in bluez.adapters:
        yield _adapter_finding(adapter, others=bool(usable))


def _version_finding(version: tuple[int, int]) -> Finding:
    text = f"BlueZ {version[0]}.{version[1]:02d}"
    if version < OLDEST:
        return problem(_ABOUT, f"{text} is too old", "upgrade the system: 5.55 is needed at least")
    if version <= LOSSY:
        return note(_ABOUT, f"{text} works, but may lose notifications, which are asked for again")
    return ok(_ABOUT, text)


def _adapter_finding(adapter: Adapter, others: bool) -> Finding:
    say = note if others else problem
    text = f"{adapter.name} ({adapter.address})"
    if adapter.blocked:
        return say("adapter", f"{text} is blocked", "sudo rfkill unblock bluetooth")
    if not adapter.powered:
        return say(
            "adapter", f"{text} is off", "bluetoothctl power on, and AutoEnable=true in /etc/bluetooth/main.conf"
        )
    if not adapter.central:
        return say("adapter", f"{text} cannot connect to Low Energy devices", "use another adapter")
    return ok("adapter", f"{text} is on")


async def scan_finding(seconds: float, adapters: Sequence[str] = ()) -> Finding:
    """Scan for so long, on the adapters of the settings, and tell how many wearables were heard."""
    heard: dict[str, Sighting] = {}
    scanner = Scanner(lambda sighting: heard.update({sighting.address: sighting}), adapters)
    try:
        await scanner.start()
        await asyncio.sleep(seconds)
    except RadioError as error:
        return problem("scan", error.problem, "see the lines above; is Bluetooth allowed for this program?")
    finally:
        await scanner.stop()
    if not heard:
        advice = "one that is connected or out of reach is not heard; press a button on it to wake it"
        return note("scan", f"a scan works, no wearable was heard in {seconds:.0f} s", advice)
    strongest = max(sighting.rssi_dbm for sighting in heard.values())
    return ok("scan", f"a scan works, {len(heard)} wearables were heard, the nearest at {strongest} dBm")
