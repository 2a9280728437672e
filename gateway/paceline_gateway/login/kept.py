"""What a log-in leaves on disk: the token, the pinned authority, the server's lines of the settings file."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from paceline_gateway.config import Config, Tokens, parse
from paceline_gateway.config_edit import quoted, replace_file
from paceline_gateway.errors import ConfigError

TOKEN_NAME = "server.token"  # noqa: S105 (a file's name)
AUTHORITY_NAME = "server-ca.pem"
_OURS = ("url", "token_file", "ca_file")
_HEADER = re.compile(r"^[ \t]*\[server\][ \t]*(#.*)?$", re.MULTILINE)
_NEXT = re.compile(r"^[ \t]*\[", re.MULTILINE)


def settings_before(path: Path) -> str:
    """Return the settings' text, "" when there are none yet."""
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from error


def settings_text(old: str, path: Path, server: Mapping[str, str | bool]) -> str:
    """Return the settings with these in [server] and all else as it was.

    ConfigError when the text is not written as this can change it, or when it would not be good settings then.
    """
    before = _parsed(old, path)
    wanted = {key: value for key, value in before.get("server", {}).items() if key not in _OURS} | dict(server)
    lines = "".join(f"{key} = {_value(value)}\n" for key, value in server.items())
    header = _HEADER.search(old)
    if header is None:
        text = old + ("" if not old or old.endswith("\n") else "\n") + ("\n" if old else "") + f"[server]\n{lines}"
    else:
        end = _NEXT.search(old, header.end())
        section = old[header.end() : end.start() if end else len(old)].removeprefix("\n")
        kept = re.sub(rf"^[ \t]*({'|'.join(_OURS)})[ \t]*=.*\n?", "", section, flags=re.MULTILINE)
        text = f"{old[: header.end()]}\n{lines}{kept}{old[end.start() :] if end else ''}"
    try:
        fits = tomllib.loads(text) == before | {"server": wanted}
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise ConfigError(f"{path}: server", "is not written as I can change it; set this there by hand:\n" + lines)
    parse(text, path)
    return text


def keep(path: Path, text: str, tokens: Tokens, authority: bytes | None) -> Config:
    """Write tokens, authority and settings, in an order in which a kill leaves what was or what is to be."""
    if authority is not None:
        replace_file(path.with_name(AUTHORITY_NAME), authority.decode("ascii"), 0o644, like=path)
    replace_file(path.with_name(TOKEN_NAME), tokens.text, 0o600, like=path)
    replace_file(path, text)
    return parse(text, path)


def make_folder(path: Path) -> None:
    """Make the settings' folder, for its owner only, when it is absent."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(path.parent, os.W_OK):
            raise ConfigError(str(path.parent), "cannot be written to; run this as who runs the gateway")
    except OSError as error:
        raise ConfigError(str(path.parent), f"cannot be made: {error.strerror}") from error


def _parsed(text: str, path: Path) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from error


def _value(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else quoted(value)
