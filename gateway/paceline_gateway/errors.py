"""Errors of the gateway, with fields; each is caught in one known place.

GatewayError
├── ConfigError    a setting, key or token file is wrong: the command line prints it and ends
├── SpoolError     the disk refuses (full, read-only, in use): nothing is acknowledged, tried again later
├── PullError      a wearable breaks the protocol: its connection ends, what was stored stays
├── RadioError     no adapter, no connection, connection lost: tried again with back-off
└── UplinkError    the server cannot be understood or reached: tried again with back-off
"""

from pathlib import Path


class GatewayError(Exception):
    """Something the gateway reports in one line: what, where, why."""


class ConfigError(GatewayError):
    """A setting in `where` (a file, or a file and a key) that cannot be used."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class SpoolError(GatewayError):
    """The disk did not take or give the bytes of `path`; what was durable before still is."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class PullError(GatewayError):
    """A wearable that breaks the protocol; `code` is one word, `position` the place in its journal."""

    def __init__(self, code: str, position: int, detail: str) -> None:
        super().__init__(f"{code} at {position}: {detail}")
        self.code = code
        self.position = position
        self.detail = detail


class RadioError(GatewayError):
    """The radio of `address` did not do what was asked."""

    def __init__(self, address: str, problem: str) -> None:
        super().__init__(f"{address}: {problem}")
        self.address = address
        self.problem = problem


class UplinkError(GatewayError):
    """A request to the server that had no usable answer."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
