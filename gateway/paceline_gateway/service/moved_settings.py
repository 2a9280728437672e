"""A person's settings as those of the service: the same values, every secret in a file beside them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from paceline_gateway.config import Config, load, read_secret
from paceline_gateway.config_edit import quoted
from paceline_gateway.errors import ConfigError
from paceline_gateway.settings_table import SETTINGS, Given, values

NAME = "gateway.toml"


def moved_settings(source: Path, given: Sequence[Given], spool: Path) -> dict[str, bytes]:
    """Return the files of the service's folder by name: the settings and the secrets that they name.

    `given` goes over the file as everywhere. ConfigError when the settings cannot be used as they are.
    """
    config = load(source, given)
    value = values(tomllib.loads(source.read_text(encoding="utf-8")), given, source, frozenset({"wearables"}))
    found: dict[str, bytes] = {}
    for setting in SETTINGS:
        if setting.kind == "path" and setting.key != "spool" and value[setting.key] is not None:
            name = setting.key.removesuffix("_file").replace(".", "-")
            found[name] = _content(source.parent / value[setting.key], secret=not setting.key.endswith("ca_file"))
            value[setting.key] = name
    value["spool"] = str(spool)
    for device_id, wearable in config.wearables.items():
        found[f"{device_id.hex()}.key"] = wearable.key.hex().encode() + b"\n"
    return {NAME: ("\n".join(_lines(value, config)) + "\n").encode(), **found}


def _content(path: Path, *, secret: bool) -> bytes:
    if secret:
        return read_secret(path).encode() + b"\n"
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error


def _lines(value: Mapping[str, Any], config: Config) -> Iterator[str]:
    changed = {s.key: value[s.key] for s in SETTINGS if value[s.key] != s.default}
    yield "# Written by `paceline-gateway install-service` out of a person's settings: change those, then do it again."
    yield from (f"{key} = {_toml(item)}" for key, item in changed.items() if "." not in key)
    for section in dict.fromkeys(key.partition(".")[0] for key in changed if "." in key):
        yield from ("", f"[{section}]")
        yield from (
            f"{key.partition('.')[2]} = {_toml(item)}" for key, item in changed.items() if key.startswith(f"{section}.")
        )
    for device_id, wearable in config.wearables.items():
        yield from ("", f"[wearables.{device_id.hex()}]", f'key_file = "{device_id.hex()}.key"')
        yield f"name = {quoted(wearable.name)}"


def _toml(item: str | int | float | bool) -> str:
    if isinstance(item, str):
        return quoted(item)
    return str(item).lower() if isinstance(item, bool) else repr(item)
