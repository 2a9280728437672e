"""What is run apart (platform/apart/) of a journal: the compiled decoder and its memory stay out of the server."""

from paceline_server.formats.journal_session import RowDecoder, Session, session_recording
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Recording

_rows = RowDecoder()  # of the process that decodes: pages of workouts that grow are decoded once


def decoded(session: Session, source: str, received_utc_s: float) -> tuple[Recording, Receipt]:
    """Decode a session, as session_recording says."""
    return session_recording(session, _rows, source=source, received_utc_s=received_utc_s)
