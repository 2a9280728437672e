"""SQL of the apps."""

from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select

from paceline_server.apps.model import APP_OWNERS, APPS, App
from paceline_server.platform.paging import Page, paged


def add(connection: Connection, app: App, most: int) -> bool:
    """Register an app; False when its owner has so many already."""
    query = select(func.count()).select_from(APPS).where(APPS.c.owner_id == app.owner_id)
    if connection.execute(query).scalar_one() >= most:
        return False
    connection.execute(insert(APP_OWNERS).values(client_id=app.client_id, owner_id=app.owner_id))
    connection.execute(
        insert(APPS).values(
            owner_id=app.owner_id,
            client_id=app.client_id,
            name=app.name,
            redirect_uris="\n".join(app.redirect_uris),
            secret_hash=app.secret_hash,
            created_at_s=app.created_at_s,
        )
    )
    return True


def find(connection: Connection, client_id: str) -> App | None:
    """Return the app that a request names."""
    owner_id = connection.execute(select(APP_OWNERS.c.owner_id).where(APP_OWNERS.c.client_id == client_id)).scalar()
    if owner_id is None:
        return None
    is_it = and_(APPS.c.owner_id == owner_id, APPS.c.client_id == client_id)
    row = connection.execute(select(APPS).where(is_it)).one_or_none()
    return _app(row) if row is not None else None


def list_for(connection: Connection, owner_id: str, page: Page) -> list[App]:
    """Return a page of what an owner has registered, the newest first, and one more if there is another page."""
    query = paged(select(APPS).where(APPS.c.owner_id == owner_id), (APPS.c.client_id,), page)
    return [_app(row) for row in connection.execute(query)]


def remove(connection: Connection, owner_id: str, client_id: str) -> bool:
    """Forget an owner's app; False when there is none."""
    is_it = and_(APPS.c.owner_id == owner_id, APPS.c.client_id == client_id)
    if connection.execute(delete(APPS).where(is_it)).rowcount == 0:
        return False
    connection.execute(delete(APP_OWNERS).where(APP_OWNERS.c.client_id == client_id))
    return True


def _app(row: Any) -> App:
    uris = tuple(row.redirect_uris.split("\n"))
    return App(row.owner_id, row.client_id, row.name, uris, row.secret_hash, row.created_at_s)
