"""SQL of letters and links. Every statement names the owner."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from paceline_server.events import store as events
from paceline_server.events.declared import LETTER_WRITTEN
from paceline_server.mail.model import LETTERS, LINKS, Link, Queued
from paceline_server.platform.tokens import identity_of
from paceline_server.users import store as users


def queue(connection: Connection, letter: Queued) -> None:
    """Keep a letter, and have it sent once this transaction is durable."""
    connection.execute(
        insert(LETTERS).values(
            owner_id=letter.owner_id,
            letter_id=letter.letter_id,
            sealed=letter.sealed,
            made_at_s=letter.made_at_s,
            expires_at_s=letter.expires_at_s,
        )
    )
    events.emit(connection, LETTER_WRITTEN, letter.owner_id, letter.letter_id, letter.made_at_s)


def get(connection: Connection, owner_id: str, letter_id: str) -> Queued | None:
    """Return a letter that waits."""
    row = connection.execute(select(LETTERS).where(_is(owner_id, letter_id))).one_or_none()
    return Queued(*row) if row is not None else None


def forget(connection: Connection, owner_id: str, letter_id: str) -> None:
    """Drop a letter that was sent, or is no news any more."""
    connection.execute(delete(LETTERS).where(_is(owner_id, letter_id)))


def waiting(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, letter) of everything that waits: what a back-fill looks at."""
    for user in users.everybody(connection):
        query = select(LETTERS.c.letter_id).where(LETTERS.c.owner_id == user.owner_id)
        for letter_id in connection.execute(query).scalars().all():
            yield user.owner_id, letter_id


def add_link(connection: Connection, link: Link, now_s: float) -> None:
    """Keep a link's hash, and drop the owner's links that have expired."""
    identity = identity_of(link.token)
    assert identity is not None
    connection.execute(delete(LINKS).where(LINKS.c.owner_id == link.owner_id, LINKS.c.expires_at_s <= now_s))
    connection.execute(
        insert(LINKS).values(
            owner_id=link.owner_id,
            link_hash=identity.token_hash,
            purpose=link.purpose,
            about=link.about,
            expires_at_s=link.expires_at_s,
        )
    )


def find_link(connection: Connection, token: str, purpose: str, now_s: float) -> Link | None:
    """Return the link that holds for this purpose; None when there is none, it was used, or has expired."""
    identity = identity_of(token)
    if identity is None:
        return None
    query = select(LINKS).where(LINKS.c.owner_id == identity.owner_id, LINKS.c.link_hash == identity.token_hash)
    row = connection.execute(query).one_or_none()
    if row is None or row.purpose != purpose or row.expires_at_s <= now_s:
        return None
    return Link(row.owner_id, row.purpose, row.about, token, row.expires_at_s)


def count_links(connection: Connection, owner_id: str, purpose: str, now_s: float) -> int:
    """Return how many links of a purpose hold."""
    held = (LINKS.c.owner_id == owner_id, LINKS.c.purpose == purpose, LINKS.c.expires_at_s > now_s)
    return connection.execute(select(func.count()).select_from(LINKS).where(*held)).scalar_one()


def drop_links(connection: Connection, owner_id: str, purpose: str) -> int:
    """Have all links of a purpose hold no more; return how many there were."""
    return connection.execute(delete(LINKS).where(LINKS.c.owner_id == owner_id, LINKS.c.purpose == purpose)).rowcount


def _is(owner_id: str, letter_id: str) -> ColumnElement[bool]:
    return and_(LETTERS.c.owner_id == owner_id, LETTERS.c.letter_id == letter_id)
