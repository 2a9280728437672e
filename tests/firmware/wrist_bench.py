"""Settings and plans as a gateway puts them: a blob store in a folder of its own, which outlives boots."""

import os

from wearable.link.blobs import BlobStore


class BlobFolder:
    """`store` as the wearable has it; a context that removes the folder at its end."""

    def __init__(self, checks: "dict[int, object] | None" = None) -> None:
        self.path = "/tmp/paceline-test-wrist-" + os.urandom(4).hex()
        self.store = BlobStore(self.path, checks)
        self._version = 0

    def put(self, kind: int, data: bytes) -> None:
        """Put a whole blob of the next version, in two pieces."""
        self._version += 1
        half = len(data) // 2
        self.store.put(kind, self._version, len(data), 0, data[:half])
        assert self.store.put(kind, self._version, len(data), half, data[half:]) == len(data)

    def __enter__(self) -> "BlobFolder":
        return self

    def __exit__(self, *_: object) -> None:
        for name in os.listdir(self.path):
            os.remove(f"{self.path}/{name}")
        os.rmdir(self.path)
