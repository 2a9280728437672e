"""What an operator decides (settings_table.py says each in words); passed in, never read from globals."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_server.settings_table import SETTINGS


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one server process; `data` is the folder that holds everything it keeps."""

    data: Path
    database_url: str | None = None  # None: SQLite in the data folder
    blob_url: str | None = None  # None: the data folder
    host: str = "127.0.0.1"
    port: int = 8080
    secure_cookies: bool = False  # True behind HTTPS
    tls: bool = False
    tls_names: str | None = None
    tls_certificate: Path | None = None  # None with `tls`: the own authority's
    tls_key: Path | None = None
    install_port: int = 8081
    session_lifetime_s: float = 30 * 86400.0
    max_body_bytes: int = 1 << 20
    max_import_bytes: int = 256 << 20
    import_wait_days: int = 7
    watched_folder: Path | None = None
    elevation_tiles: Path | None = None
    elevation_url: str | None = None
    elevation_cache_mb: int = 1024
    log_in_attempts_per_minute: int = 10
    requests_per_minute: int = 600
    trusted_proxies: str | None = None
    registration: str = "closed"
    sign_in_providers: Path | None = None
    public_url: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    push_services: str = "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com"
    map_tiles: str | None = None
    map_file: Path | None = None
    map_credit: str | None = None
    decode_threads: int = 2
    work: bool = True
    open_metrics: bool = False
    mdns: str | None = None
    otel_endpoint: str | None = None
    log_format: str = "text"
    log_requests: bool = False

    @property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data / 'paceline.sqlite3'}"

    @property
    def address(self) -> str:
        """Where links lead to."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"{'https' if self.secure else 'http'}://{host}:{self.port}").rstrip("/")

    @property
    def one_process(self) -> bool:
        """Whether one server only may use the data folder; with PostgreSQL several share it."""
        return self.url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether this process answers by HTTPS itself."""
        return self.tls or self.tls_certificate is not None or self.tls_key is not None

    @property
    def server_key(self) -> Path:
        """The file of the key under which secrets in the database are sealed; a backup needs it."""
        return self.data / "server.key"

    @property
    def elevation_cache(self) -> Path:
        """The folder of elevation tiles that were fetched; no backup needs it."""
        return self.data / "elevation"

    @property
    def blobs(self) -> Path:
        """The folder of the blob store."""
        return self.data / "blobs"

    @property
    def journals(self) -> Path:
        """The folder of the journals' bytes."""
        return self.data / "journals"


def config_of(values: Mapping[str, Any]) -> Config:
    """Return the settings as the program has them, of those that were read (settings_table.py): paths are Paths."""
    read: dict[str, Any] = dict(values)
    for key in (one.key for one in SETTINGS if one.kind == "path" and read[one.key] is not None):
        read[key] = Path(read[key])
    return Config(**read)
