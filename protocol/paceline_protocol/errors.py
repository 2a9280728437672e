"""Errors of the protocol, with fields instead of prose.

    ProtocolError
    ├── JournalError   bytes of a journal break its format; `where` is the position or page offset
    └── LinkError      a frame or message breaks the link's rules; `where` is the byte offset or counter

Every error says what (`code`), where (`where`) and why (`detail`); whoever raises one has changed nothing.
"""

# Code of a LinkError → number in an ERROR message; what only one side can meet has the number of the nearest one.
LINK_ERROR_NUMBERS = {
    "malformed": 1,
    "short": 1,
    "version": 2,
    "unauthenticated": 3,
    "unknown_device": 3,
    "forged": 4,
    "replayed": 5,
    "wrong_epoch": 6,
    "not_held": 7,
    "busy": 8,
    "refused": 9,
    "exhausted": 9,
}


class ProtocolError(Exception):
    """Bytes that break the protocol."""

    def __init__(self, code: str, where: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} at {where}: {detail}" if detail else f"{code} at {where}")
        self.code = code
        self.where = where
        self.detail = detail


class JournalError(ProtocolError):
    """A page or record that breaks docs/JOURNAL.md."""


class LinkError(ProtocolError):
    """A frame or message that breaks docs/PROTOCOL.md; `code` is a key of LINK_ERROR_NUMBERS."""

    @property
    def number(self) -> int:
        """Return the number that stands for this error in an ERROR message."""
        return LINK_ERROR_NUMBERS[self.code]
