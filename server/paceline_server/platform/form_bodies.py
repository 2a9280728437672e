"""Posted forms, read before their handler: what no browser sends is one clear refusal."""

from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from paceline_server.errors import InvalidError, TooLargeError, UnsupportedError
from paceline_server.platform.bodies import coding_of

LARGEST_FORM = 256 << 10
FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"


async def read_form(request: web.Request, *, files: bool) -> None:
    """Read a posted form so that `request.post()` has it; `files`: the handler takes files as they come, itself.

    TooLargeError above 256 KiB; UnsupportedError for packed forms and for files where none are taken; InvalidError
    for what is no text: bytes that are none, zeros, halves of characters, which no database keeps.
    """
    if request.method != "POST" or request.content_type not in (FORM, FILES):
        return
    if request.content_type == FILES:
        if not files:
            raise UnsupportedError("coding", "This takes no files: send a form.")
        return
    await read_texts(request)


async def read_texts(request: web.Request) -> MultiDictProxy[Any]:
    """Return the fields of a form without files; refuses as `read_form`."""
    if (request.content_length or 0) > LARGEST_FORM or len(await request.read()) > LARGEST_FORM:
        raise TooLargeError("too_large", f"A form has at most {LARGEST_FORM >> 10} KiB.", limit=LARGEST_FORM)
    if coding_of(request) != "identity":
        raise UnsupportedError("coding", "A form is sent unpacked.")
    try:
        form = await request.post()
        for name, value in form.items():
            str(value).encode()  # halves of characters: there are codings that let them be said
            if "\x00" in f"{name}{value}":
                raise InvalidError("field", f"{name[:40]!a} holds a character that no text has.", field=name[:40])
    except (UnicodeError, LookupError):
        raise InvalidError("malformed", "The form is no text in UTF-8.") from None
    return form
