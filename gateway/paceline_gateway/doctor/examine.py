"""All that the doctor looks at, in order; each line as soon as it is known."""

from collections.abc import AsyncIterator, Callable

from paceline_gateway.config import Config
from paceline_gateway.doctor.bluetooth import bluez_findings, scan_finding
from paceline_gateway.doctor.finding import Finding, note, ok, problem
from paceline_gateway.doctor.machine import clock_finding, running_finding, spool_findings
from paceline_gateway.doctor.upstream import server_findings
from paceline_gateway.errors import ConfigError
from paceline_gateway.radio.bluez import ask_bluez


async def examine(load: Callable[[], Config], utc_s: Callable[[], float], scan_s: float) -> AsyncIterator[Finding]:
    """Yield every finding; `load` reads the settings, `utc_s` is this machine's clock, `scan_s` how long to listen."""
    config: Config | None = None
    try:
        config = load()
    except ConfigError as error:
        yield problem("settings", str(error), "mend it; paceline-gateway add writes the first ones")
    if config is not None:
        count = len(config.wearables)
        if count:
            yield ok("settings", f"{config.path}: {count} wearables")
        else:
            yield note("settings", f"{config.path}: no wearable", "paceline-gateway add")
    adapters = config.adapters if config is not None else ()
    for finding in bluez_findings(await ask_bluez(), adapters):
        yield finding
    yield await scan_finding(scan_s, adapters)
    if config is None:
        yield clock_finding(utc_s(), None)
        return
    said, server_utc_s = await server_findings(config)
    yield clock_finding(utc_s(), server_utc_s)
    for finding in (*spool_findings(config.spool, config.spool_max_bytes), running_finding(config), *said):
        yield finding
