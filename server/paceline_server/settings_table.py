"""Every setting of the server in one table: its name in file, environment and as a flag, and what it may be.

The file (TOML) is read first, the environment goes over it, flags go over both.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_server.errors import UsageError

VARIABLE_PREFIX = "PACELINE_SERVER_"
CONFIG_VARIABLE = VARIABLE_PREFIX + "CONFIG"
"""Names the settings file itself, as the flag --config does."""

_SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Setting:
    """One row; `key` is the name in the file and of config.Config's field. `default` is None when there is none."""

    key: str
    kind: str  # text, path, whole, number, switch
    default: str | int | float | bool | None
    about: str
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()
    alone: str | None = None  # what the flag says where no value follows

    @property
    def variable(self) -> str:
        """Return the name in the environment."""
        return VARIABLE_PREFIX + self.key.upper()

    @property
    def flag(self) -> str:
        """Return the name on the command line."""
        return "--" + self.key.replace("_", "-")

    def value(self, found: Any, where: str) -> Any:
        """Return what stands in the file, checked; UsageError says what it must be."""
        numbers = {"whole": (int,), "number": (int, float)}.get(self.kind)
        if self.kind == "switch" and type(found) is not bool:
            raise UsageError(f"{where} must be true or false")
        if numbers and (type(found) not in numbers or not self.least <= found <= self.most):
            raise UsageError(f"{where} must be a number from {self.least:g} to {self.most:g}")
        if self.kind in ("text", "path") and (not isinstance(found, str) or not found):
            raise UsageError(f"{where} must be a text that is not empty")
        if self.words and found not in self.words:
            raise UsageError(f"{where} must be {' or '.join(self.words)}")
        return found

    def from_text(self, text: str, where: str) -> Any:
        """Return what an environment variable or a flag says, checked; a path there is relative to where one is."""
        found: Any = text
        try:
            if self.kind == "switch":
                found = _SWITCH.get(text.lower())
            elif self.kind == "whole":
                found = int(text)
            elif self.kind == "number":
                found = float(text)
        except ValueError:
            found = None
        checked = self.value(found, where)
        return str(Path(checked).expanduser().absolute()) if self.kind == "path" else checked


SETTINGS = (
    Setting("data", "path", None, "folder of everything that the server keeps"),
    Setting("database_url", "text", None, "SQLAlchemy URL of a PostgreSQL database; without it SQLite in `data`"),
    Setting("blob_url", "text", None, "`s3://BUCKET/PREFIX` for telemetry; without it a folder in `data`"),
    Setting("host", "text", "127.0.0.1", "address to listen on"),
    Setting("port", "whole", 8080, "port to listen on; 0: any that is free", 0, 65535),
    Setting("secure_cookies", "switch", False, "behind HTTPS: send cookies only there", alone="true"),
    Setting("tls", "switch", False, "answer by HTTPS, with a certificate of the server's own authority", alone="true"),
    Setting("tls_names", "text", None, "more names for that certificate, with commas between them"),
    Setting("tls_certificate", "path", None, "answer by HTTPS, with this certificate and its chain (PEM)"),
    Setting("tls_key", "path", None, "the key of that certificate (PEM)"),
    Setting("install_port", "whole", 8081, "with HTTPS: port of the install page by plain HTTP; -1: none", -1, 65535),
    Setting("session_lifetime_s", "number", 2592000.0, "how long a log-in holds", 60, 1e9),
    Setting("max_body_bytes", "whole", 1048576, "the largest body of a request, unpacked", 65536, 2**30),
    Setting("max_import_bytes", "whole", 268435456, "the largest file or zip that is imported at once", 65536, 2**31),
    Setting("import_wait_days", "whole", 7, "how long a file that was looked at waits to be imported", 1, 3650),
    Setting("watched_folder", "path", None, "what lies in its folder USERNAME is imported for that user"),
    Setting("elevation_tiles", "path", None, "a folder of tiles like `N46E007.hgt`, for climb without good altitudes"),
    Setting(
        "elevation_url",
        "text",
        None,
        "where other tiles are fetched from, as `https://host/{lat}/{lat}{lon}.hgt.gz`; without it no one is asked",
    ),
    Setting("elevation_cache_mb", "whole", 1024, "how many MiB the tiles may take that were fetched", 128, 1e6),
    Setting("log_in_attempts_per_minute", "whole", 10, "log-ins from one address on one name", 1, 1e6),
    Setting("requests_per_minute", "whole", 600, "requests of one user, and of one address without a log-in", 1, 1e9),
    Setting(
        "trusted_proxies",
        "text",
        None,
        "addresses and networks, with commas between, whose `X-Forwarded-For` and `-Proto` are believed",
    ),
    Setting(
        "registration",
        "text",
        "closed",
        "who may make an account: `open`, `invite` or `closed`",
        words=("open", "invite", "closed"),
    ),
    Setting("sign_in_providers", "path", None, "TOML file of outside providers through whom people may sign in"),
    Setting("public_url", "text", None, "where people reach the server, as letters and passkeys name it: `https://…`"),
    Setting(
        "smtp_url",
        "text",
        None,
        "mail server: `smtps://user:password@host` or `smtp://…` (STARTTLS); without it links are logged",
    ),
    Setting("mail_from", "text", None, "sender of letters: `Paceline <paceline@example.org>`"),
    Setting(
        "push_services",
        "text",
        "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com",
        "push services that may be asked, with commas between: public hosts and `*.hosts`, and whole origins anywhere",
    ),
    Setting(
        "map_tiles", "text", None, "tiles under routes, as `https://host/{z}/{x}/{y}.png`; without it no one is asked"
    ),
    Setting("map_file", "path", None, "a PMTiles file of pictures under routes, which the server itself serves"),
    Setting("map_credit", "text", None, "whom the map thanks for its tiles"),
    Setting("decode_threads", "whole", 2, "how much of what was uploaded is worked off at once", 1, 64),
    Setting("work", "switch", True, "`serve` works events off itself; false: only `worker` processes do (PostgreSQL)"),
    Setting("open_metrics", "switch", False, "`/metrics` answers other machines, too", alone="true"),
    Setting(
        "mdns",
        "text",
        None,
        "lets gateways in the local network find the server: the URL that they shall use, or `here` for host and port",
        alone="here",
    ),
    Setting("otel_endpoint", "text", None, "OTLP/HTTP collector that gets traces, as `http://127.0.0.1:4318`"),
    Setting("log_format", "text", "text", "`text`, or `json`: a line per event", words=("text", "json")),
    Setting("log_requests", "switch", False, "log every request", alone="true"),
)


def read_settings(environment: Mapping[str, str], flags: Mapping[str, Any], path: Path | None) -> dict[str, Any]:
    """Return the value of every setting by key.

    `flags` are texts by key, None where not given. UsageError names the place of what cannot be used, and what is no
    setting in the file or among the variables with our prefix.
    """
    known = {setting.variable for setting in SETTINGS} | {CONFIG_VARIABLE}
    for name in environment:
        if name.startswith(VARIABLE_PREFIX) and name not in known:
            raise UsageError(f"{name} is no setting; there are {', '.join(sorted(known))}")
    table = _table(path) if path is not None else {}
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        if (flag := flags.get(setting.key)) is not None:
            found[setting.key] = setting.from_text(flag, setting.flag)
        elif (text := environment.get(setting.variable)) is not None:
            found[setting.key] = setting.from_text(text, setting.variable)
        elif setting.key in table:
            value = setting.value(table[setting.key], f"{path}: {setting.key}")
            found[setting.key] = str(path.parent / value) if setting.kind == "path" and path is not None else value
        else:
            found[setting.key] = setting.default
    return found


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from error
    keys = [setting.key for setting in SETTINGS]
    for name in table:
        if name not in keys:
            raise UsageError(f"{path}: {name} is no setting; there are {', '.join(keys)}")
    return table
