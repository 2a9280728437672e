"""The headers that every answer has: what a browser may do with it, and what it may not.

Only pages, and what they are built of, may do anything. Of all else (JSON, what somebody uploaded) nothing runs,
whatever it holds: its policy is an empty sandbox, its type is not guessed, and it is saved rather than shown. No
Strict-Transport-Security: tls/plain.py says why.
"""

from aiohttp import web

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), payment=(), usb=(), serial=(), midi=(), display-capture=(), browsing-topics=()"
    ),
}
FOR_DOCUMENTS = "Permissions-Policy"  # says nothing of the files of a page, each of which would carry 150 bytes of it
SHOWN = frozenset({"application/json", "application/problem+json", "text/plain", "text/html"})
API_PREFIX, STATIC_PREFIX = "/api/", "/static/"


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the security headers (an on_response_prepare signal)."""
    of_page = response.content_type == "text/html" or request.path.startswith(STATIC_PREFIX)
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY if of_page else DATA_POLICY)
    for name, value in SECURITY_HEADERS.items():
        if name != FOR_DOCUMENTS or not request.path.startswith(STATIC_PREFIX):
            response.headers.setdefault(name, value)
    if request.path.startswith(API_PREFIX) and response.status < 300 and response.content_type not in SHOWN:
        response.headers.setdefault("Content-Disposition", "attachment")
    response.headers["Server"] = "Paceline"
