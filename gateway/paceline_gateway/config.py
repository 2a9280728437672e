"""Settings: one TOML file → one frozen object. Secrets lie in files of their own, which others must not read.

spool = "spool"                        # folder, relative to this file; settings_table.py has all settings
[server]                               # leave out to spool only
url = "https://paceline.example"
token_file = "token"

[wearables.00112233445566ff]           # device id
key_file = "anna.key"                  # 64 hex digits; or key = "…" here, when this file itself is private
name = "Anna"
"""

import ipaddress
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paceline_protocol.alias import recognise
from paceline_protocol.gatt import DEVICE_ID_SIZE
from paceline_protocol.handshake import KEY_SIZE

from paceline_gateway.errors import ConfigError
from paceline_gateway.settings_table import Given, values

_OTHERS = stat.S_IROTH | stat.S_IWOTH
_LARGEST_SECRET = 4096
MDNS = "mdns"
"""As `server.url`: the server is where it announces itself (uplink/whereabouts.py)."""


@dataclass(frozen=True)
class Wearable:
    """A wearable that may be pulled: its id, key (32 bytes, never shown) and the name its owner gave it."""

    device_id: bytes
    key: bytes
    name: str

    def __repr__(self) -> str:
        return f"Wearable({self.device_id.hex()}, {self.name!r})"


@dataclass(frozen=True)
class Server:
    """Where ranges go; the token is read anew before each series of requests, so that it can be replaced.

    With `ca_file` only a certificate that this authority signed is the server's.
    """

    url: str
    token_file: Path
    ca_file: Path | None = None

    def token(self) -> str:
        """Return the bearer token; ConfigError when its file is missing, open to others or empty."""
        return self.tokens().access

    def tokens(self) -> "Tokens":
        """Return the file: the token and, on a second line, what renews it, if any; ConfigError as token()."""
        first, *more = _read_private(self.token_file).split("\n")
        tokens = Tokens.checked(first, more[0] if more else None)
        if tokens is None or len(more) > 1:
            raise ConfigError(str(self.token_file), "must hold the token, and what renews it on a second line, if any")
        return tokens


@dataclass(frozen=True, repr=False)
class Tokens:
    """An access token and the refresh token that gives the next one, None for one that holds without end."""

    access: str
    refresh: str | None

    @classmethod
    def checked(cls, access: object, refresh: object) -> "Tokens | None":
        """Return both, None when one of them can be no token."""
        words = [word for word in (access, refresh) if word is not None]
        if not all(isinstance(word, str) and _is_word(word) for word in words) or not isinstance(access, str):
            return None
        return cls(access, refresh if isinstance(refresh, str) else None)

    @property
    def text(self) -> str:
        """Return what their file holds."""
        return f"{self.access}\n" + (f"{self.refresh}\n" if self.refresh is not None else "")


@dataclass(frozen=True)
class Broker:
    """An MQTT broker; with `ca_file` TLS is spoken, and only what this authority signed is the broker's certificate."""

    host: str
    port: int = 1883
    user: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    def password(self) -> str | None:
        """Return the password, None when none is set; ConfigError when its file is missing, open to others or empty."""
        return read_secret(self.password_file) if self.password_file else None


@dataclass(frozen=True)
class Config:
    """All settings of one gateway."""

    path: Path
    spool: Path
    server: Server | None
    wearables: Mapping[bytes, Wearable]
    max_connections: int
    spool_max_bytes: int = 1_000_000_000
    spool_keep_days: int = 30
    alert_after_h: float = 0.0
    local_port: int = 0
    log_format: str = "text"
    adapters: tuple[str, ...] = ()
    broker: Broker | None = None

    def key_of(self, device_id: bytes) -> bytes | None:
        """Return the key of a configured wearable, None for a stranger."""
        wearable = self.wearables.get(device_id)
        return wearable.key if wearable else None

    def known(self, alias: bytes) -> tuple[bytes, bytes] | None:
        """Return (device id, key) of the configured wearable whose alias it is, None for a stranger's."""
        return recognise(alias, {device_id: wearable.key for device_id, wearable in self.wearables.items()})


def load(path: Path, given: Sequence[Given] = ()) -> Config:
    """Read and check the file and the key files that it names; ConfigError says what is wrong and where.

    `given` are the values of environment and flags, which go over the file's.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from error
    return parse(text, path, given)


def parse(text: str, path: Path, given: Sequence[Given] = ()) -> Config:
    """Return the settings of a TOML text; `path` is where it stands, for messages and relative names."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from error
    value = values(table, given, path, frozenset({"wearables"}))
    wearables = _table(table, "wearables", path)
    origins = {item.key: item.where for item in given}
    return Config(
        path=path,
        spool=path.parent / value["spool"],
        server=_server(value, path, origins),
        wearables={item.device_id: item for item in (_wearable(key, item, path) for key, item in wearables.items())},
        max_connections=value["max_connections"],
        spool_max_bytes=value["spool_max_bytes"],
        spool_keep_days=value["spool_keep_days"],
        alert_after_h=float(value["alert_after_h"]),
        local_port=value["local.port"],
        log_format=value["log_format"],
        adapters=_adapters(value["adapters"], origins.get("adapters", f"{path}: adapters")),
        broker=_broker(value, path),
    )


def read_secret(path: Path) -> str:
    """Return the one word of a secret's file; ConfigError when others may read or write it."""
    text = _read_private(path)
    if not _is_word(text):
        raise ConfigError(str(path), "must hold one word, the secret, and nothing else")
    return text


def _read_private(path: Path) -> str:
    check_private(path)
    try:
        with path.open(encoding="ascii") as file:
            return file.read(2 * _LARGEST_SECRET + 2).strip()
    except (OSError, UnicodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {type(error).__name__}") from None


def _is_word(text: str) -> bool:
    return 0 < len(text) <= _LARGEST_SECRET and all("!" <= character <= "~" for character in text)


def check_private(path: Path) -> None:
    """Refuse a file that everybody on this machine may read or write."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error
    if mode & _OTHERS:
        raise ConfigError(str(path), f"holds a secret but everybody may read or write it; do: chmod o= {path}")


def device_id_of(text: str, where: str) -> bytes:
    """Return the 8 bytes of a device id written as 16 hex digits."""
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * DEVICE_ID_SIZE}}}", text):
        raise ConfigError(where, f"a device id has {2 * DEVICE_ID_SIZE} hex digits, not {text!r}")
    return bytes.fromhex(text)


def key_of_text(text: str, where: str) -> bytes:
    """Return the 32 bytes of a key written as 64 hex digits; the message never repeats the text."""
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * KEY_SIZE}}}", text):
        raise ConfigError(where, f"a device key has {2 * KEY_SIZE} hex digits")
    return bytes.fromhex(text)


def _wearable(key: str, value: Any, path: Path) -> Wearable:
    where = f"{path}: wearables.{key}"
    device_id = device_id_of(key, where)
    if not isinstance(value, dict):
        raise ConfigError(where, "must be a table")
    _known(value, {"key", "key_file", "name"}, path, f"wearables.{key}.")
    if ("key" in value) == ("key_file" in value):
        raise ConfigError(where, "needs either key_file or key")
    if "key" in value:
        check_private(path)
        secret = key_of_text(_text(value, "key", path), f"{where}.key")
    else:
        key_path = path.parent / _text(value, "key_file", path)
        secret = key_of_text(read_secret(key_path), str(key_path))
    return Wearable(device_id, secret, _text(value, "name", path, default=f"Paceline-{device_id.hex()[-4:].upper()}"))


def _server(value: Mapping[str, Any], path: Path, origins: Mapping[str, str]) -> Server | None:
    """Return the server of the settings' values; `origins` tells where those stand that are not in the file."""
    where = origins.get("server.url", f"{path}: server.url")
    if value["server.url"] is None:
        if value["server.token_file"] is None:
            return None
        raise ConfigError(where, "must be a text that is not empty")
    if value["server.token_file"] is None:
        raise ConfigError(f"{path}: server.token_file", "must be a text that is not empty")
    url = value["server.url"].rstrip("/")
    ca_file = value["server.ca_file"]
    if url == MDNS:
        if ca_file is None and not value["server.allow_plain_http"]:
            raise ConfigError(where, "mdns needs server.ca_file: else anybody here could say to be the server")
        return Server(url, path.parent / value["server.token_file"], path.parent / ca_file if ca_file else None)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise ConfigError(where, str(error)) from error
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise ConfigError(where, "must be like https://host[:port][/folder], or mdns")
    if parts.scheme == "http" and not _is_this_machine(host) and not value["server.allow_plain_http"]:
        raise ConfigError(where, "http would show the token to the network; use https or set allow_plain_http = true")
    if ca_file is not None and parts.scheme != "https":
        raise ConfigError(where, "must begin with https when server.ca_file is set")
    return Server(url, path.parent / value["server.token_file"], path.parent / ca_file if ca_file else None)


def _broker(value: Mapping[str, Any], path: Path) -> Broker | None:
    if value["mqtt.host"] is None:
        return None
    files = (value["mqtt.password_file"], value["mqtt.ca_file"])
    password_file, ca_file = (path.parent / name if name else None for name in files)
    if password_file is not None and value["mqtt.user"] is None:
        raise ConfigError(f"{path}: mqtt.user", "must be set with mqtt.password_file")
    return Broker(value["mqtt.host"], value["mqtt.port"], value["mqtt.user"], password_file, ca_file)


def _adapters(text: str | None, where: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    names = [name.strip() for name in text.split(",")] if text else []
    if not all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names) or len(set(names)) < len(names):
        raise ConfigError(where, "must be names of adapters with commas between them, each once, as hci0, hci1")
    return tuple(names)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _table(table: Mapping[str, Any], key: str, path: Path) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {key}", "must be a table")
    return value


def _text(table: Mapping[str, Any], key: str, path: Path, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{path}: {key}", "must be a text that is not empty")
    return value


def _known(table: Mapping[str, Any], names: set[str], path: Path, prefix: str) -> None:
    for key in table:
        if key not in names:
            raise ConfigError(f"{path}: {prefix}{key}", f"is no setting; there are {', '.join(sorted(names))}")
