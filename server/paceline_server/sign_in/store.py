"""SQL of the outside identities."""

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from paceline_server.errors import ConflictError
from paceline_server.sign_in.model import IDENTITY_OWNERS, OUTSIDE_IDENTITIES, Claims, Linked

_T, _D = OUTSIDE_IDENTITIES.c, IDENTITY_OWNERS.c


def owner_of(connection: Connection, claims: Claims) -> str | None:
    """Return whose identity this is."""
    return connection.execute(select(_D.owner_id).where(_D.identity_hash == claims.identity_hash)).scalar()


def link(connection: Connection, owner_id: str, claims: Claims, now_s: float) -> None:
    """Let an identity open an account; ConflictError when it opens another."""
    try:
        with connection.begin_nested():
            connection.execute(insert(IDENTITY_OWNERS).values(identity_hash=claims.identity_hash, owner_id=owner_id))
    except IntegrityError as error:
        if owner_of(connection, claims) == owner_id:
            return
        raise ConflictError("identity_taken", "With this you sign in to another account.") from error
    connection.execute(
        insert(OUTSIDE_IDENTITIES).values(
            owner_id=owner_id,
            identity_hash=claims.identity_hash,
            issuer=claims.issuer,
            subject=claims.subject,
            label=claims.label,
            linked_at_s=now_s,
        )
    )


def list_for(connection: Connection, owner_id: str) -> list[Linked]:
    """Return what opens an account from outside."""
    columns = (_T.identity_hash, _T.issuer, _T.label, _T.linked_at_s)
    return [Linked(*row) for row in connection.execute(select(*columns).where(_T.owner_id == owner_id))]


def unlink(connection: Connection, owner_id: str, identity_id: str) -> bool:
    """Let an identity open an account no more; False when it did not."""
    found = [each for each in list_for(connection, owner_id) if each.identity_id == identity_id]
    for each in found:
        is_it = (_T.owner_id == owner_id, _T.identity_hash == each.identity_hash)
        connection.execute(delete(OUTSIDE_IDENTITIES).where(*is_it))
        connection.execute(delete(IDENTITY_OWNERS).where(_D.identity_hash == each.identity_hash))
    return bool(found)
