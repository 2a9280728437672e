"""Who may import whom, and which folder owns which outside world (docs/ARCHITECTURE.md)."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from policy.tree import Source

OURS = {"paceline_protocol", "paceline_gateway", "paceline_server", "paceline_tools"}
MAY_IMPORT = {
    "protocol/": {"paceline_protocol"},
    "firmware/": {"paceline_protocol"},
    "gateway/": {"paceline_protocol", "paceline_gateway"},
    "server/": {"paceline_protocol", "paceline_server"},
    "tools/": OURS,
    "tests/": OURS,
}
PROTOCOL_ONLY = {"struct", "binascii", "hashlib", "array"}
MICROPYTHON_MODULES = frozenset(
    {
        "array",
        "asyncio",
        "binascii",
        "bluetooth",
        "collections",
        "cryptolib",
        "errno",
        "esp32",
        "gc",
        "hashlib",
        "io",
        "json",
        "machine",
        "math",
        "micropython",
        "neopixel",
        "os",
        "random",
        "select",
        "struct",
        "sys",
        "time",
        "uctypes",
        "vfs",
    }
)
FIRMWARE_OWN = {"wearable", "main", "boards", "board"}
# The server's floors: the domains stand on them, so they know none; pages, commands and app.py stand on the domains.
FLOORS = {
    "platform": ("paceline_server.platform", "paceline_server.errors"),
    "formats": ("paceline_server.formats", "paceline_server.errors"),
    "analysis": ("paceline_server.analysis", "paceline_server.formats", "paceline_server.errors"),
    "words": ("paceline_server.words", "paceline_server.analysis"),
}
# What stands on the domains, and may use the pages.
ABOVE_PAGES = re.compile(r"server/paceline_server/(pages/|tls/plain\.py|routes\.py|app\.py)")


class World(NamedTuple):
    """An outside world: the modules that reach it, the part it concerns, the files that own it there."""

    name: str
    modules: frozenset[str]
    part: str
    owner: str
    owners: re.Pattern[str]


ASKS_OTHERS = (
    "server/paceline_server/sign_in/provider_client.py",
    "server/paceline_server/push/sending.py",
    "server/paceline_server/elevation/source.py",
)
HTTP_CLIENTS = frozenset({"requests", "httpx", "urllib3", "urllib.request", "http.client"})
WORLDS = (
    World("the chip", frozenset({"machine", "esp32"}), "firmware/", "boards/", re.compile(r"firmware/boards/")),
    World(
        "the radio",
        frozenset({"bluetooth", "aioble"}),
        "firmware/",
        "wearable/link/",
        re.compile(r"firmware/wearable/link/"),
    ),
    World(
        "the radio",
        frozenset({"bleak", "bleak_retry_connector", "bumble"}),
        "gateway/",
        "radio/",
        re.compile(r"gateway/\w+/radio/"),
    ),
    World("HTTP", HTTP_CLIENTS | {"aiohttp"}, "gateway/", "uplink/", re.compile(r"gateway/\w+/uplink/")),
    World("MQTT", frozenset({"aiomqtt", "paho"}), "gateway/", "mqtt/", re.compile(r"gateway/\w+/mqtt/")),
    World("mDNS", frozenset({"zeroconf"}), "gateway/", "discovery/", re.compile(r"gateway/\w+/discovery/")),
    World(
        "mDNS",
        frozenset({"zeroconf", "ifaddr"}),
        "server/",
        "announcement.py, tls/machine.py",
        re.compile(r"server/\w+/(announcement|tls/machine)\.py"),
    ),
    World(
        "mail", frozenset({"aiosmtplib", "smtplib"}), "server/", "mail/smtp.py", re.compile(r"server/\w+/mail/smtp\.py")
    ),
    World("what other servers answer", HTTP_CLIENTS, "server/", "nobody (queue it)", re.compile(r"$^")),
    World(
        "the database",
        frozenset({"sqlalchemy", "sqlite3", "psycopg", "asyncpg"}),
        "server/",
        "platform/, model.py and store.py; Health Connect's export is a database",
        re.compile(r"server/\w+/(platform/|\w+/(model|store)\.py$|formats/archives/health_connect\.py$)"),
    ),
    World(
        "array work",
        frozenset({"numpy", "numba", "scipy", "pandas"}),
        "server/",
        "analysis/, formats/ and telemetry",
        re.compile(r"server/\w+/(analysis/|formats/|telemetry\b)"),
    ),
)


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Every absolute import of a file as (line, dotted module)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def parts_are_apart(source: Source) -> Iterator[str]:
    """A part imports only the parts that it may."""
    allowed = next((allowed for folder, allowed in MAY_IMPORT.items() if source.path.startswith(folder)), OURS)
    for line, module in imported(source):
        package = module.partition(".")[0]
        if package in OURS - allowed:
            yield source.said(line, f"imports {package}: move what both need into the protocol")


def floors_know_no_domain(source: Source) -> Iterator[str]:
    """The server's floors import floors below them only."""
    floor = source.path.removeprefix("server/paceline_server/").partition("/")[0]
    for line, module in imported(source):
        if module.startswith("paceline_server.") and not module.startswith(FLOORS.get(floor, ("paceline_server.",))):
            yield source.said(line, f"imports {module}: {floor}/ is a floor that domains stand on; pass it in")


def domains_know_no_page(source: Source) -> Iterator[str]:
    """Only what puts the server together uses a page: words that a domain says lie in words/ or beside its rules."""
    if source.path.startswith("server/paceline_server/") and not ABOVE_PAGES.match(source.path):
        for line, module in imported(source):
            if module.startswith("paceline_server.pages"):
                yield source.said(line, f"imports {module}: a page stands on the domains")


def protocol_is_pure(source: Source) -> Iterator[str]:
    """The protocol imports three modules and itself."""
    for line, module in imported(source):
        if module.partition(".")[0] not in PROTOCOL_ONLY | {"paceline_protocol"}:
            yield source.said(line, f"imports {module}: the protocol takes only {', '.join(sorted(PROTOCOL_ONLY))}")


def firmware_runs_on_the_board(source: Source) -> Iterator[str]:
    """The firmware imports itself, the protocol and what MicroPython on the board has."""
    for line, module in imported(source):
        if module.partition(".")[0] not in MICROPYTHON_MODULES | FIRMWARE_OWN | {"paceline_protocol"}:
            yield source.said(line, f"imports {module}: MicroPython on the board has no such module")


def worlds_have_one_owner(source: Source) -> Iterator[str]:
    """Each outside world is reached from its owner's files only."""
    concerned = [
        world for world in WORLDS if source.path.startswith(world.part) and not world.owners.match(source.path)
    ]
    for line, module in imported(source):
        for world in concerned:
            if any(module == name or module.startswith(name + ".") for name in world.modules):
                yield source.said(
                    line, f"imports {module}: in {world.part} {world.name} belongs to {world.owner}; call that"
                )


def server_calls_nobody(source: Source) -> Iterator[str]:
    """aiohttp serves in the server; its client is used where a person waits for just that answer, and by the outbox."""
    if source.path in ASKS_OTHERS:
        return
    for node in ast.walk(source.tree):
        named = node.attr if isinstance(node, ast.Attribute) else node.name if isinstance(node, ast.alias) else ""
        if named == "ClientSession":
            line = getattr(node, "lineno", 1)
            yield source.said(line, "uses the HTTP client: nothing from outside in a request path; queue it")
