"""Templates to answers."""

import re
from functools import cache

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from paceline_server.pages import assets
from paceline_server.pages.route_picture import grid_step
from paceline_server.pages.unread import unread
from paceline_server.words import quantities
from paceline_server.words.reader import reader
from paceline_server.words.retold import retold
from paceline_server.words.sports import sport_name
from paceline_server.words.templates import speaking

_INDENTATION = re.compile(r"^\s+", re.MULTILINE)


class Unindented(Extension):
    """Leaves the indentation of templates away: a phone would load it. What they are given stays as it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's text without it."""
        return _INDENTATION.sub("", source)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("paceline_server", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Unindented],
    )
    environment.globals["asset"] = assets.address
    environment.globals["built"] = assets.built
    environment.globals["unread"] = unread
    environment.globals["reader"] = reader
    environment.globals["sport_name"] = sport_name
    environment.globals["said_in"] = retold  # of what is no message it makes nothing
    environment.globals["number"] = quantities.number
    environment.globals["unit"] = quantities.unit
    environment.globals["unit_si"] = quantities.unit_si
    environment.globals["grid_step"] = grid_step
    return speaking(environment)


def made(template: str, **context: object) -> str:
    """Return what a template makes; every name that it uses must be given."""
    return _environment().get_template(template).render(**context)


def fragment(template: str, **context: object) -> Markup:
    """Return a piece of a page, as other templates take it."""
    return Markup(made(template, **context))  # noqa: S704 (a template's, which escapes what it is given)


def render(template: str, *, status: int = 200, **context: object) -> web.Response:
    """Answer with a page; every name that the template uses must be given."""
    response = web.Response(text=made(template, **context), status=status, content_type="text/html", charset="utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Language"] = reader().language
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
