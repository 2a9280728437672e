"""What can be wrong: with a command (UsageError), or with a request; platform/web.py turns each of these into a status.

RequestError
├── InvalidError           400  the input breaks a rule; says which and where
├── UnauthenticatedError   401  no log-in, or a wrong one
├── ForbiddenError         403  a log-in that may not do this
├── NotFoundError          404  absent, or another user's: no difference is shown
├── ConflictError          409  does not fit what is held
├── PreconditionError      412  what If-Match demands does not hold; carries `etag`
├── TooLargeError          413  a body over its limit
├── UnsupportedError       415  a media type or coding that is not known
├── UnprocessableError     422  understood, but not what it says it is
├── TooManyError           429  attempts over a limit; carries `retry_after_s`
└── UnavailableError       503  something that the server stands on does not answer, or is being made good
"""


def told(text: str) -> str:
    """Mark a sentence that is kept or sent in English, and that pages say in their reader's language (docs/WORDS.md).

    It may be an f-string: it is found again by what stands around its figures.
    """
    return text


class UsageError(Exception):
    """A command cannot do what it was told: a setting, a file or a folder is wrong; says what to do."""


class RequestError(Exception):
    """A request that changed nothing: `code` for programs, `message` for people, `fields` beside them in the answer."""

    def __init__(self, code: str, message: str, **fields: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields


class InvalidError(RequestError):
    """The input breaks a rule."""


class UnauthenticatedError(RequestError):
    """Nobody is logged in, or the log-in is wrong."""


class ForbiddenError(RequestError):
    """The one who is logged in may not do this."""


class NotFoundError(RequestError):
    """Absent, or another user's."""


class ConflictError(RequestError):
    """Does not fit what is held."""


class PreconditionError(RequestError):
    """What is held is not what the request demands."""


class TooLargeError(RequestError):
    """A body over its limit."""


class UnsupportedError(RequestError):
    """A media type or coding that is not known."""


class UnprocessableError(RequestError):
    """Understood, but not what it says it is."""


class TooManyError(RequestError):
    """Attempts over a limit."""


class UnavailableError(RequestError):
    """What the server stands on does not answer, or is being made good: later it may."""
