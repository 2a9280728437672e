"""Which platform's export a file is."""

from typing import BinaryIO

from paceline_server.formats.archives.archive import Archive


def open_archive(file: BinaryIO, name: str) -> Archive | None:
    """Return the archive that a file is; None when it is none that is known: a plain file, or a zip of plain files.

    The content decides; `name` only appears in errors. Call it in the process apart: the bytes are a stranger's.
    """
    del file, name
    return None
