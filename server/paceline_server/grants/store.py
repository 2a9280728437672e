"""SQL of the grants. None of these raises for what a client does: a refused poll must be kept, too."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.grants.model import DEVICE_GRANTS, Grant, Refused
from paceline_server.platform import authorizations
from paceline_server.platform.authorizations import Issued, Wanted
from paceline_server.platform.policy import Kind, Scope

SLOWER_BY_S = 5  # 3.5: slow_down
EARLY_S = 0.5  # a poll may be early by so much: clocks and networks are not exact

_T = DEVICE_GRANTS.c
_GRANT = (
    *(_T.user_code, _T.client_name, _T.address, _T.created_at_s, _T.expires_at_s),
    *(_T.interval_s, _T.polled_at_s, _T.denied, _T.approved_by),
)


def add(connection: Connection, device_code_hash: bytes, grant: Grant) -> bool:
    """Add a grant and drop those that have expired; False when its user code is in use."""
    connection.execute(delete(DEVICE_GRANTS).where(_T.expires_at_s < grant.created_at_s - 3600))
    try:
        with connection.begin_nested():
            connection.execute(
                insert(DEVICE_GRANTS).values(
                    device_code_hash=device_code_hash,
                    user_code=grant.user_code,
                    client_name=grant.client_name,
                    address=grant.address,
                    created_at_s=grant.created_at_s,
                    expires_at_s=grant.expires_at_s,
                    interval_s=grant.interval_s,
                    denied=grant.denied,
                )
            )
    except IntegrityError:
        return False
    return True


def find(connection: Connection, user_code: str) -> Grant | None:
    """Return the grant that a person was shown."""
    row = connection.execute(select(*_GRANT).where(_T.user_code == user_code)).one_or_none()
    return Grant(*row) if row is not None else None


def decide(connection: Connection, user_code: str, owner_id: str | None, now_s: float) -> bool:
    """Approve for the owner, or deny (None); False when it is gone, expired or decided."""
    undecided = (_T.user_code == user_code, _T.expires_at_s > now_s, _T.denied.is_(False), _T.approved_by.is_(None))
    decision = update(DEVICE_GRANTS).where(*undecided).values(approved_by=owner_id, denied=owner_id is None)
    return connection.execute(decision).rowcount == 1


def redeem(
    connection: Connection,
    device_code_hash: bytes,
    client_id: str,
    now_s: float,
    random_bytes: Callable[[int], bytes],
) -> Issued | Refused:
    """Make the tokens of an approved grant, which is gone then; else keep the poll and say why there is none (3.5)."""
    is_it = _T.device_code_hash == device_code_hash
    row = connection.execute(select(*_GRANT).where(is_it).with_for_update()).one_or_none()
    if row is None:
        return Refused("invalid_grant", "This device code is not known, or it was redeemed.")
    grant = Grant(*row)
    if grant.expires_at_s <= now_s:
        return Refused("expired_token", "Nobody decided in time; begin anew.")
    if grant.denied:
        return Refused("access_denied", "A person has refused.")
    early = grant.polled_at_s is not None and now_s < grant.polled_at_s + grant.interval_s - EARLY_S
    interval_s = grant.interval_s + SLOWER_BY_S if early else grant.interval_s
    if early or grant.approved_by is None:
        poll = update(DEVICE_GRANTS).where(is_it).values(polled_at_s=now_s, interval_s=interval_s)
        connection.execute(poll)
        if early:
            return Refused("slow_down", f"Poll no more than every {interval_s:.0f} s.")
        return Refused("authorization_pending", "No person has decided yet.")
    connection.execute(delete(DEVICE_GRANTS).where(is_it))
    wanted = Wanted(Kind.GATEWAY, client_id, grant.client_name, frozenset({Scope.GATEWAY}))
    return authorizations.begin(connection, grant.approved_by, wanted, now_s, random_bytes)
