"""Every setting of the gateway in one table: its name in file, environment and as a flag, and what it may be.

The file is read first, the environment goes over it, flags go over both. Wearables and secrets stand in files only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_gateway.errors import ConfigError

VARIABLE_PREFIX = "PACELINE_GATEWAY_"
CONFIG_VARIABLE = VARIABLE_PREFIX + "CONFIG"
"""Names the settings file itself, as the flag --config does."""

_SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Setting:
    """One row. `key` is dotted where it stands in a table of the file; `default` is None when there is none."""

    key: str
    kind: str  # text, path, whole, number, switch
    default: str | int | float | bool | None
    about: str
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """Return the name in the environment."""
        return VARIABLE_PREFIX + self.key.upper().replace(".", "_")

    @property
    def flag(self) -> str:
        """Return the name on the command line."""
        return "--" + self.key.replace(".", "-").replace("_", "-")

    def value(self, found: Any, where: str) -> Any:
        """Return what stands in the file, checked; ConfigError says what it must be."""
        if self.kind == "switch" and type(found) is not bool:
            raise ConfigError(where, "must be true or false")
        if self.kind in ("whole", "number"):
            if type(found) is not int and (self.kind == "whole" or type(found) is not float):
                raise ConfigError(where, f"must be a number {self._range()}")
            if not self.least <= found <= self.most:
                raise ConfigError(where, f"must be a number {self._range()}")
        elif self.kind in ("text", "path") and (not isinstance(found, str) or not found):
            raise ConfigError(where, "must be a text that is not empty")
        if self.words and found not in self.words:
            raise ConfigError(where, f"must be {' or '.join(self.words)}")
        return found

    def from_text(self, text: str, where: str) -> Any:
        """Return what an environment variable or a flag says, checked; a path there is relative to where one is."""
        try:
            if self.kind == "whole":
                return self.value(int(text), where)
            if self.kind == "number":
                return self.value(float(text), where)
        except ValueError:
            raise ConfigError(where, f"must be a number {self._range()}") from None
        if self.kind == "switch":
            return self.value(_SWITCH.get(text.lower()), where)
        checked = self.value(text, where)
        return str(Path(checked).expanduser().absolute()) if self.kind == "path" else checked

    def _range(self) -> str:
        return f"from {self.least:g} to {self.most:g}"


SETTINGS = (
    Setting("spool", "path", "spool", "folder of the journals"),
    Setting("spool_max_bytes", "whole", 1_000_000_000, "the most that journals may fill", 1_000_000, 1e15),
    Setting("spool_keep_days", "whole", 30, "how long journals are kept that the server has", 0, 3650),
    Setting("max_connections", "whole", 3, "wearables connected at once", 1, 16),
    Setting("adapters", "text", None, "Bluetooth adapters, as `hci0, hci1`; without it the system chooses one"),
    Setting("alert_after_h", "number", 48.0, "a wearable not synced for so many hours is an alert; 0: never", 0, 8760),
    Setting("log_format", "text", "text", "`text`, or `json`: a line per event, without names", words=("text", "json")),
    Setting("server.url", "text", None, "where journals go, or `mdns`; without it they are only kept here"),
    Setting("server.token_file", "path", None, "file that holds the token, needed with `server.url`"),
    Setting(
        "server.ca_file", "path", None, "PEM file of the only authority that may vouch for the server's certificate"
    ),
    Setting("server.allow_plain_http", "switch", False, "the token may travel unencrypted beyond this machine"),
    Setting("mqtt.host", "text", None, "broker that is told how the wearables are, as Home Assistant finds them"),
    Setting("mqtt.port", "whole", 1883, "the broker's port", 1, 65535),
    Setting("mqtt.user", "text", None, "name at the broker"),
    Setting("mqtt.password_file", "path", None, "file that holds the password at the broker"),
    Setting("mqtt.ca_file", "path", None, "PEM file of the authority that vouches for the broker; TLS is spoken then"),
    Setting("local.port", "whole", 0, "port of `/healthz` and `/metrics` on this machine; 0: off", 0, 65535),
)


@dataclass(frozen=True)
class Given:
    """A value that the environment or a flag gives, checked."""

    key: str
    value: Any
    where: str


def given_by(environment: Mapping[str, str], flags: Mapping[str, str | None]) -> list[Given]:
    """Return what environment and flags (by key) set, a flag going over a variable.

    ConfigError for a value that cannot be used, and for a variable with our prefix that no setting has.
    """
    known = {setting.variable for setting in SETTINGS} | {CONFIG_VARIABLE}
    for name in environment:
        if name.startswith(VARIABLE_PREFIX) and name not in known:
            raise ConfigError(name, f"is no setting; there are {', '.join(sorted(known))}")
    found: list[Given] = []
    for setting in SETTINGS:
        if (flag := flags.get(setting.key)) is not None:
            found.append(Given(setting.key, setting.from_text(flag, setting.flag), setting.flag))
        elif (text := environment.get(setting.variable)) is not None:
            found.append(Given(setting.key, setting.from_text(text, setting.variable), setting.variable))
    return found


def values(table: Mapping[str, Any], given: Iterable[Given], path: Path, others: frozenset[str]) -> dict[str, Any]:
    """Return the value of every setting by key; `others` are names in the file that are no settings of this table.

    ConfigError names the place of what cannot be used.
    """
    sections = {setting.key.partition(".")[0] for setting in SETTINGS if "." in setting.key}
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if name not in sections:
            flat[name] = value
        elif not isinstance(value, dict):
            raise ConfigError(f"{path}: {name}", "must be a table")
        else:
            flat |= {f"{name}.{key}": item for key, item in value.items()}
    known = {setting.key for setting in SETTINGS}
    for key in flat:
        if key not in known | others:
            siblings = sorted(name for name in known | others if name.rpartition(".")[0] == key.rpartition(".")[0])
            raise ConfigError(f"{path}: {key}", f"is no setting; there are {', '.join(siblings)}")
    over = {item.key: item.value for item in given}
    return {
        setting.key: over[setting.key]
        if setting.key in over
        else setting.value(flat[setting.key], f"{path}: {setting.key}")
        if setting.key in flat
        else setting.default
        for setting in SETTINGS
    }
