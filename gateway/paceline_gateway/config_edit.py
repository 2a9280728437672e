"""Adding a wearable to the settings file: the text is checked whole before it replaces the old one."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from paceline_gateway.config import Config, Wearable, device_id_of, key_of_text, load, parse, read_secret
from paceline_gateway.errors import ConfigError


def add_wearable(
    path: Path,
    device_id: str,
    key_file: Path,
    name: str | None = None,
    claim: Callable[[Config, Wearable], None] | None = None,
) -> Config:
    """Append the wearable to the file (made when absent) and return the new settings; an error changes nothing.

    `claim` is called with the settings as they would be and the wearable, before anything is written, and may raise.
    """
    known = device_id_of(device_id, "device id")
    key_of_text(read_secret(key_file), str(key_file))
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from error
    if known in parse(old, path).wearables:
        raise ConfigError(f"{path}: wearables.{known.hex()}", "is already there")
    lines = ["", f"[wearables.{known.hex()}]", f"key_file = {quoted(str(key_file.resolve()))}"]
    if name:
        lines.append(f"name = {quoted(name)}")
    text = old + ("" if not old or old.endswith("\n") else "\n") + "\n".join(lines) + "\n"
    would_be = parse(text, path)
    if claim is not None:
        claim(would_be, would_be.wearables[known])
    replace_file(path, text)
    return load(path)


def shown_id(text: str) -> str:
    """Return a device id as settings hold it, of what a claim screen shows (`A1B2 C3D4 …`) or its QR code says."""
    return re.sub(r"[\s-]", "", text).lower().removeprefix("paceline:")


def quoted(text: str) -> str:
    """Return the text as a TOML basic string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' or ord(c) == 127 else c for c in text)
    return f'"{escaped}"'


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, text: str, mode: int | None = None, like: Path | None = None) -> None:
    """Write a file whole or not at all, durably; its mode stays as it was, 0600 when it is new, unless one is given.

    Run by root it belongs to whoever it belonged to, else to who owns `like` or the folder: a service's user must be
    able to read what root wrote for it.
    """
    owner = next(one for one in (path, like, path.parent) if one is not None and one.exists()).stat()
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            if os.geteuid() == 0:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        _sync(path.parent)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ConfigError(str(path), f"cannot be written: {error.strerror}") from error
