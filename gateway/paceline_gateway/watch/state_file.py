"""The state in a file of the spool, `state.json`, for `status` and for the next start.

It is replaced atomically but not synced: when it is lost, only the moment of the last sync is forgotten.
"""

import json
import os
from pathlib import Path

from paceline_gateway.errors import SpoolError
from paceline_gateway.watch.state import GatewayState, state_of, table_of

NAME = "state.json"
_LARGEST = 1 << 20


def read_state(spool: Path) -> GatewayState:
    """Return the state that was written last, a blank one when there is none that makes sense."""
    try:
        with (spool / NAME).open("rb") as file:
            return state_of(json.loads(file.read(_LARGEST)))
    except (OSError, ValueError, RecursionError):
        return GatewayState()


def write_state(spool: Path, state: GatewayState) -> None:
    """Replace the file; SpoolError when the disk refuses."""
    path = spool / NAME
    fresh = path.with_name(NAME + ".new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(table_of(state), file)
        os.replace(fresh, path)
    except OSError as error:
        raise SpoolError(path, error.strerror or str(error)) from error
