"""A file that appears whole or not at all, readable for its owner only unless it says otherwise."""

import os
from pathlib import Path

from paceline_server.platform.blobs import sync_folder


def write_private(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write the file in place of what is there; durable on return."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    sync_folder(path.parent)
