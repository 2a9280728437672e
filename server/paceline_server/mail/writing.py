"""Writes letters: a template's text, sealed until it is sent."""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined

from paceline_server.errors import UsageError
from paceline_server.mail.model import LETTER_LIFETIME_S, Letter, Link, Queued
from paceline_server.platform.ids import new_id
from paceline_server.platform.sealing import Sealer
from paceline_server.platform.tokens import new_token
from paceline_server.words.templates import speaking


class Desk:
    """Where letters and links are made; `address` is the server's own, which links begin with."""

    def __init__(
        self, sealer: Sealer, clock: Callable[[], float], random_bytes: Callable[[int], bytes], address: str
    ) -> None:
        self._sealer = sealer
        self._clock = clock
        self._random_bytes = random_bytes
        self._address = checked_address(address)

    def link(self, owner_id: str, purpose: str, about: str, lifetime_s: float) -> Link:
        """Make a link that does one thing once."""
        token = new_token(owner_id, self._random_bytes)
        return Link(owner_id, purpose, about, token, self._clock() + lifetime_s)

    def address_of(self, link: Link) -> str:
        """Return what a person opens."""
        return f"{self._address}/{link.purpose}/{link.token}"

    def write(self, owner_id: str, to: str, template: str, link: Link | None = None, **context: object) -> Queued:
        """Write a letter by a template of templates/letters/, ready to be queued; it expires with its link."""
        now_s = self._clock()
        address = self.address_of(link) if link is not None else None
        text = _environment().get_template(f"{template}.txt").render(link=address, server=self._address, **context)
        subject, _, body = text.partition("\n\n")
        letter = {"to": to, "subject": subject.strip(), "text": body.strip() + "\n", "link": address}
        letter_id = new_id(now_s, self._random_bytes)
        sealed = self._sealer.seal(orjson.dumps(letter), _owner(owner_id, letter_id))
        expires_at_s = link.expires_at_s if link is not None else now_s + LETTER_LIFETIME_S
        return Queued(owner_id, letter_id, sealed, now_s, expires_at_s)

    def read(self, queued: Queued) -> Letter:
        """Return the letter; DatabaseError when it does not open."""
        return Letter(**orjson.loads(self._sealer.open(queued.sealed, _owner(queued.owner_id, queued.letter_id))))


def checked_address(address: str) -> str:
    """Return the server's address; UsageError when links cannot begin with it."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError(f"public_url is an address like https://paceline.example.org, not {address}")
    return address.rstrip("/")


def _owner(owner_id: str, letter_id: str) -> str:
    return f"letter {owner_id} {letter_id}"


@cache
def _environment() -> Environment:
    # Plain text: nothing is escaped.
    loader = PackageLoader("paceline_server", "templates/letters")
    environment = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, autoescape=False)  # noqa: S701
    return speaking(environment)
