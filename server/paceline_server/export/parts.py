"""What the export reads from."""

from dataclasses import dataclass

from paceline_server.journals.files import JournalFiles
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database
from paceline_server.platform.rate_limits.shared import SharedLimit


@dataclass(frozen=True, slots=True)
class ExportParts:
    """The places of a user's data; `limit` counts archives of each user."""

    database: Database
    blobs: Blobs
    files: JournalFiles
    limit: SharedLimit
