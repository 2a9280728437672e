"""Errors as pages that say what to do next."""

from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from paceline_server.pages.reading import by_browser
from paceline_server.pages.render import render
from paceline_server.words.reader import read_by
from paceline_server.words.speech import N_


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error page says, and where its button leads."""

    title: str
    advice: str
    button: str = N_("Back to your activities")
    address: str = "/"


_TEXTS = {
    400: ErrorText(N_("That did not work"), N_("The address or the form holds something that this page cannot read.")),
    403: ErrorText(N_("Not from here"), N_("The request came from another site's page, so nothing was changed.")),
    404: ErrorText(
        N_("Nothing here"),
        N_("There is no such page or activity, or it belongs to someone else. It may have been deleted."),
    ),
    429: ErrorText(N_("Too many tries"), N_("Wait a minute, then try again.")),
    500: ErrorText(
        N_("Something broke here"),
        N_("It is our fault, not yours, and it was logged. Nothing that you recorded is lost. Try again in a moment."),
    ),
}
_OTHER = ErrorText(N_("That did not work"), N_("Go back and try again."))


def error_page(request: web.Request, status: int, code: str, message: str) -> web.Response:
    """Show an error of any page (platform/web.py calls it); who is not logged in is led to the log-in."""
    if status == 401:
        location = f"/login?next={quote(request.rel_url.raw_path_qs, safe='')}" if request.method == "GET" else "/login"
        return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
    if code == "log_in_again":
        back = "/admin" if request.path == "/admin" else "/account/security"
        path = request.rel_url.raw_path_qs if request.method == "GET" else back
        headers = {"Location": f"/account/again?next={quote(path, safe='')}", "Cache-Control": "no-store"}
        return web.Response(status=303, headers=headers)
    text = _TEXTS.get(status, _TEXTS[500] if status >= 500 else _OTHER)
    detail = message if status < 500 and code not in {"not_found", "other_site"} else None
    with read_by(by_browser(request)):
        return render("error.html", status=status, text=text, detail=detail, username=None, page_status=status)
