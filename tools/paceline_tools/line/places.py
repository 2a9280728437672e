"""The data directory of a line: what lies where, and the secrets that are made once and kept."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.line.errors import LineError

USER = "runner"
# Letters that are not mistaken for one another when a password is copied by hand.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - an alphabet, not a password
Dice = Callable[[int], bytes]


@dataclass(frozen=True)
class Places:
    """Paths below the data directory; `prepare` makes them."""

    root: Path

    @property
    def server(self) -> Path:
        """The server's data directory; it exists when user and wearable are known to the server."""
        return self.root / "server"

    @property
    def unfinished_server(self) -> Path:
        """Where the server's data directory is set up."""
        return self.root / "server.new"

    @property
    def wearable(self) -> Path:
        """Flash and real-time clock of the virtual wearable."""
        return self.root / "wearable"

    @property
    def gateway(self) -> Path:
        """The gateway's spool."""
        return self.root / "gateway"

    @property
    def logs(self) -> Path:
        """What the programs say."""
        return self.root / "logs"

    @property
    def password(self) -> Path:
        """The user's password."""
        return self.root / "password"

    @property
    def token(self) -> Path:
        """The gateway's token for the server."""
        return self.root / "token"

    @property
    def device_id(self) -> Path:
        """The wearable's id, 16 hex digits."""
        return self.root / "device_id"

    @property
    def device_key(self) -> Path:
        """The wearable's key, 64 hex digits."""
        return self.root / "device_key"

    @property
    def gateway_config(self) -> Path:
        """The gateway's settings."""
        return self.root / "gateway.toml"

    def prepare(self, dice: Dice = secrets.token_bytes) -> None:
        """Make the directories and, once, the secrets; LineError when that is not possible."""
        try:
            for folder in (self.root, self.wearable, self.gateway, self.logs):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_secret(self.password, lambda: _password(dice))
            keep_secret(self.device_id, lambda: dice(8).hex())
            keep_secret(self.device_key, lambda: dice(32).hex())
        except OSError as error:
            raise LineError(f"{error.filename} cannot be written: {error.strerror}", "Choose another --data") from error

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Hold the directory for this process; LineError when another line uses it."""
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                other = lock.read().strip() or "unknown"
                hint = "Stop that one, or choose another --data"
                raise LineError(f"{self.root} is in use by another line (process {other})", hint) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


def keep_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in a file that only its owner reads; make it when there is none."""
    if path.exists():
        return path.read_text().strip()
    secret = make()
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return secret


def _password(dice: Dice) -> str:
    letters = [PASSWORD_LETTERS[byte % len(PASSWORD_LETTERS)] for byte in dice(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
