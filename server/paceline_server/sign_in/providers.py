"""The operator's file of providers: a table of each, whose name stands in our addresses."""

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paceline_server.errors import UsageError
from paceline_server.sign_in.model import LONGEST_ISSUER, Provider

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_TEXTS = ("issuer", "client_id", "client_secret", "label")
_NEEDED = ("issuer", "client_id", "client_secret")
_OTHERS = 0o077


def read_providers(path: Path | None) -> dict[str, Provider]:
    """Return the providers by name; UsageError says what of the file cannot be used."""
    if path is None:
        return {}
    try:
        if path.stat().st_mode & _OTHERS:
            raise UsageError(f"{path} holds secrets but others may use it; do: chmod 600 {path}")
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from error
    return {name: _provider(name, table, f"{path}: [{name}]") for name, table in tables.items()}


def may_be_asked(url: str) -> bool:
    """Tell whether an address of a provider may be asked: by https, or on this machine."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    return (parts.scheme == "https" or local) and bool(parts.hostname) and "@" not in parts.netloc


def _provider(name: str, table: Any, where: str) -> Provider:
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise UsageError(f"{where} must be a table whose name is of small letters, digits and -")
    if strange := table.keys() - {*_TEXTS, "trust_email"}:
        raise UsageError(f"{where} {sorted(strange)[0]} is no setting; there are {', '.join(_TEXTS)}, trust_email")
    for key in _TEXTS:
        value = table.get(key, "" if key in _NEEDED else name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ISSUER or not value.isprintable():
            raise UsageError(f"{where} {key} must be a text that is not empty")
    if not may_be_asked(table["issuer"]):
        raise UsageError(f"{where} issuer must be an https address")
    trust = table.get("trust_email", False)
    if type(trust) is not bool:
        raise UsageError(f"{where} trust_email must be true or false")
    label = table.get("label", name.capitalize())
    return Provider(name, label, table["issuer"], table["client_id"], table["client_secret"], trust)
