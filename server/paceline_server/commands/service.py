"""`service`: the unit of systemd, to be looked at and put in its place."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from paceline_server.config import Config
from paceline_server.service.unit import unit_text
from paceline_server.settings_table import SETTINGS


def service(config: Config, flags: Mapping[str, str | None], file: Path | None) -> Iterator[str]:
    """Say the unit that serves with these settings: `flags` as they were given, and the settings file."""
    words = [] if file is None else ["--config", str(file.resolve())]
    for setting in SETTINGS:
        said = flags.get(setting.key)
        if said is not None and setting.key != "data":
            words += [setting.flag, setting.from_text(said, setting.flag) if setting.kind == "path" else said]
    ports = (config.port, config.install_port) if config.secure else (config.port,)
    yield unit_text(Path(sys.executable), config.data, words, ports).rstrip("\n")
