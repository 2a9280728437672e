"""What a query says, within its bounds."""

from aiohttp import web

from paceline_server.errors import InvalidError


def number_query(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query, within its bounds."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not low <= int(text[:20]) <= high:
        raise InvalidError("query", f"{name} must be a whole number from {low} to {high}.", field=name)
    return int(text)


def flag_query(request: web.Request, name: str) -> bool:
    """Return a flag of the query; absent is false."""
    text = request.query.get(name, "false")
    if text not in {"true", "false"}:
        raise InvalidError("query", f"{name} must be true or false.", field=name)
    return text == "true"
