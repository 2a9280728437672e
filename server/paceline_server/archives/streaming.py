"""An archive that is sent while it is written: by way of a file, so that neither waits for the other."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from pathlib import Path

from paceline_server.archives.writing import Places, write_archive

CHUNK = 1 << 18
_LOOK_S = 0.05


class _Forward:
    """A file that is only written on: what was sent of it must not change."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def close(self) -> None:
        """End: a zip that was given up still writes its end when it is forgotten, which goes nowhere."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def write(self, data: bytes) -> int:
        """Append."""
        if self._descriptor is None:
            return len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""


async def archive_chunks(pool: Executor, places: Places, owner_id: str, now_s: float) -> AsyncIterator[bytes]:
    """Yield a user's archive as it comes to be."""
    loop, folder = asyncio.get_running_loop(), Path(places.folder)
    with tempfile.TemporaryFile(dir=folder, prefix=".export-") as file:
        descriptor, position = os.dup(file.fileno()), 0
        written = loop.run_in_executor(pool, _write, descriptor, places, owner_id, now_s)
        try:
            while True:
                ended = written.done()
                data = await loop.run_in_executor(pool, os.pread, file.fileno(), CHUNK, position)
                position += len(data)
                if data:
                    yield data
                elif ended:
                    await written
                    return
                else:
                    await asyncio.wait((written,), timeout=_LOOK_S)
        finally:
            await asyncio.wait((written,))


def _write(descriptor: int, places: Places, owner_id: str, now_s: float) -> None:
    target = _Forward(descriptor)
    try:
        # zipfile asks for no more of a stream.
        write_archive(target, places, owner_id, now_s)  # pyright: ignore[reportArgumentType]
    finally:
        target.close()
