"""A letter's link, on the way from its address to its form: in a cookie, so that no address bar or Referer shows it."""

from aiohttp import web

from paceline_server.keys import CONFIG

COOKIE = "paceline_link"
LIFETIME_S = 3600


def taken_to(request: web.Request, form_path: str) -> web.Response:
    """Answer to who opens a link: on to its form, with the link in a cookie."""
    config = request.app[CONFIG]
    headers = {"Location": form_path, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    response = web.Response(status=303, headers=headers)
    response.set_cookie(
        COOKIE,
        request.match_info["link"][:100],
        max_age=LIFETIME_S,
        path=form_path,
        httponly=True,
        secure=config.secure or config.secure_cookies,
        samesite="Lax",  # who comes from a mail program comes from another site
    )
    return response


def link_of(request: web.Request) -> str:
    """Return the link that was opened, "" for none."""
    return request.cookies.get(COOKIE, "")[:100]


def forget(response: web.Response, form_path: str) -> web.Response:
    """Take the link back from the browser, as it was used."""
    response.del_cookie(COOKIE, path=form_path, httponly=True, samesite="Lax")
    return response
