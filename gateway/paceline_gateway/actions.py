"""What a pull asks its driver to do, in order, and what it is told of time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: `monotonic_s` for waits, `utc_ms` (Unix milliseconds) for the wearable's clock."""

    monotonic_s: float
    utc_ms: int


@dataclass(frozen=True, slots=True)
class Send:
    """Write the frame to the wearable; `reliable`: with a response, for the few frames that begin a connection."""

    frame: bytes
    reliable: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """Open the spool's journal of the epoch, which the wearable holds from `start`; then tell the pull by `began`."""

    device_id: bytes
    epoch: int
    start: int


@dataclass(frozen=True, slots=True)
class Write:
    """Write the bytes to the journal at the position: what is held is compared, what follows is appended."""

    position: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Sync:
    """Make what was written durable; then tell the pull by `synced`."""


Action = Send | Begin | Write | Sync
