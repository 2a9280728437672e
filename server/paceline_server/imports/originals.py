"""Where the files lie that activities were made of, and how an activity names its file."""

from paceline_server.platform.blobs import blob_key

ORIGINALS = "originals/"
STAGED = "imports/"
_SOURCE = "file:"


def original_place(owner_id: str) -> str:
    """Return where an owner's originals lie (platform/blobs.py); their sums tell them apart."""
    return f"{ORIGINALS}{owner_id}/file"


def staged_place(owner_id: str, batch_id: str) -> str:
    """Return where the bytes of a batch lie until they are read."""
    return f"{STAGED}{owner_id}/{batch_id}"


def source_key(sha256: str, number: int | str) -> str:
    """Return the source of an activity: a file's content, and which of its recordings, from 1 on."""
    return f"{_SOURCE}{sha256}:{number}"


def file_behind(key: str) -> tuple[str, int] | None:
    """Return sum and number of a source that is a recording in a file, else None."""
    if not key.startswith(_SOURCE):
        return None
    sha256, _, number = key.removeprefix(_SOURCE).partition(":")
    return sha256, int(number)


def original_key(owner_id: str, sha256: str) -> str:
    """Return the key of an original."""
    return blob_key(original_place(owner_id), sha256)
