"""Log lines for machines: one JSON object each, in which nobody is named.

{"time": "2026-11-21T16:20:51.123Z", "level": "info", "part": "visits", "text": "66FF: connected", "wearable": "66FF"}

Names, ids, keys, addresses, the names of server and broker and home folders are replaced, whoever wrote them into the
message, be it a library. Of an exception that nobody expected there is its kind and its way, not its text.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from paceline_gateway.config import Config
from paceline_gateway.radio.sighting import FromAir
from paceline_gateway.watch.labels import labels

_HEX = "[0-9A-Fa-f]"
_PATTERNS = (
    (re.compile(r"\bhttps?://[^\s'\"()]+"), "(server)"),  # one that announced itself
    (re.compile(r"\b(?<=host )[\w.-]+(?=:\d)|\b[\w-]+(?:\.[\w-]+)*\.local\b\.?"), "(server)"),
    (re.compile(rf"\b{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}\b"), "(address)"),  # a device on macOS
    (re.compile(rf"(?<!{_HEX}){_HEX}{{2}}(?:[:_-]{_HEX}{{2}}){{5}}(?!{_HEX})"), "(address)"),
    (
        re.compile(rf"(?<![\w:])(?:{_HEX}{{0,4}}:){{3,7}}{_HEX}{{0,4}}(?![\w:])|{_HEX}{{0,4}}::{_HEX}{{1,4}}"),
        "(address)",
    ),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "(address)"),
    (re.compile(rf"\b{_HEX}{{16,}}\b"), "(number)"),
    (re.compile(r"/(?:home|Users)/[^/\s'\"]+"), "~"),
)


class JsonLines(logging.Formatter):
    """Formats records as the module says, for a gateway with these settings."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._called = _called(config)
        words = sorted(self._called, key=len, reverse=True)
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
        self._wearables = set(labels(config.wearables).values())

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        text, wearables = self.without_names(_message(record))
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "part": record.name.removeprefix("paceline_gateway."),
            "text": text,
        }
        if len(wearables) == 1:
            (line["wearable"],) = wearables
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)

    def without_names(self, text: str) -> tuple[str, set[str]]:
        """Return the text with everything replaced that the module says, and the labels of wearables named in it."""
        named: set[str] = set()

        def called(match: re.Match[str]) -> str:
            label = self._called[match.group()]
            named.update({label} & self._wearables)
            return label

        if self._words is not None:
            text = self._words.sub(called, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text, named


def _called(config: Config) -> Mapping[str, str]:
    """Return what stands for each private word."""
    found: dict[str, str] = {}
    for device_id, label in labels(config.wearables).items():
        found[config.wearables[device_id].name] = found[device_id.hex()] = label
    if config.server is not None:
        parts = urlsplit(config.server.url)
        found |= {word: "(server)" for word in (config.server.url, parts.netloc, parts.hostname) if word}
    if config.broker is not None:
        found |= {word: "(broker)" for word in (config.broker.host, config.broker.user) if word}
    return found


def _message(record: logging.LogRecord) -> str:
    """Return the record's message without the names that strangers gave their devices."""
    if isinstance(record.args, tuple):
        arguments = tuple("(wearable)" if isinstance(item, FromAir) else item for item in record.args)
        return str(record.msg) % arguments if arguments else str(record.msg)
    return record.getMessage()
