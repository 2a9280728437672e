"""Logs as JSON lines, and as text; neither holds names, addresses or ids of people."""

import json
import logging
from datetime import UTC, datetime

from paceline_server.platform import request_ids

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """A record as one line: `at`, `level`, `logger`, `message`, what `extra={"fields": …}` adds, an error's trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(log_format: str, *, requests: bool) -> None:
    """Log in the format, `text` or `json`; with `requests` every request, too."""
    handler = logging.StreamHandler()
    handler.addFilter(request_ids.note)
    handler.setFormatter(JsonLines() if log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.INFO if requests else logging.WARNING, handlers=[handler], force=True)
