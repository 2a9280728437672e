"""SQL of second factors. Every statement names the owner."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select, update

from paceline_server.second_factor.model import RECOVERY_CODES, SECOND_FACTORS, SecondFactor

_S, _R = SECOND_FACTORS.c, RECOVERY_CODES.c


def get(connection: Connection, owner_id: str) -> SecondFactor | None:
    """Return a user's second factor, also one that is only being set up."""
    row = connection.execute(select(SECOND_FACTORS).where(_S.owner_id == owner_id)).one_or_none()
    return SecondFactor(*row) if row is not None else None


def begin(connection: Connection, owner_id: str, sealed_secret: bytes) -> bool:
    """Keep a secret that is being set up, over one that was; False when there is a confirmed one."""
    held = get(connection, owner_id)
    if held is not None and held.confirmed:
        return False
    connection.execute(delete(SECOND_FACTORS).where(_S.owner_id == owner_id))
    connection.execute(
        insert(SECOND_FACTORS).values(
            owner_id=owner_id, sealed_secret=sealed_secret, confirmed=False, last_step=0, failures=0, failed_at_s=0.0
        )
    )
    return True


def confirm(connection: Connection, owner_id: str, step: int, code_hashes: Iterable[bytes]) -> bool:
    """Have the second factor be asked for from now on, with these recovery codes; False when it was already."""
    is_new = (_S.owner_id == owner_id, _S.confirmed.is_(False))
    values = {"confirmed": True, "last_step": step, "failures": 0, "failed_at_s": 0.0}
    if connection.execute(update(SECOND_FACTORS).where(*is_new).values(**values)).rowcount == 0:
        return False
    renew_codes(connection, owner_id, code_hashes)
    return True


def renew_codes(connection: Connection, owner_id: str, code_hashes: Iterable[bytes]) -> None:
    """Keep these recovery codes in place of all before."""
    connection.execute(delete(RECOVERY_CODES).where(_R.owner_id == owner_id))
    rows = [{"owner_id": owner_id, "code_hash": code_hash} for code_hash in code_hashes]
    connection.execute(insert(RECOVERY_CODES), rows)


def take_step(connection: Connection, owner_id: str, step: int) -> bool:
    """Take a code of a step, and none of it or before again; False when somebody was quicker."""
    is_later = (_S.owner_id == owner_id, _S.last_step < step)
    values = {"last_step": step, "failures": 0, "failed_at_s": 0.0}
    return connection.execute(update(SECOND_FACTORS).where(*is_later).values(**values)).rowcount == 1


def take_code(connection: Connection, owner_id: str, code_hash: bytes) -> bool:
    """Use a recovery code up; False when there is no such one."""
    taken = connection.execute(delete(RECOVERY_CODES).where(_R.owner_id == owner_id, _R.code_hash == code_hash))
    if taken.rowcount == 0:
        return False
    values = {"failures": 0, "failed_at_s": 0.0}
    connection.execute(update(SECOND_FACTORS).where(_S.owner_id == owner_id).values(**values))
    return True


def count_codes(connection: Connection, owner_id: str) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).select_from(RECOVERY_CODES).where(_R.owner_id == owner_id)
    return connection.execute(query).scalar_one()


def begin_attempt(connection: Connection, owner_id: str, failures: int, now_s: float) -> bool:
    """Count an attempt as failed before it is looked at; False when another was counted since `failures` was read."""
    is_it = (_S.owner_id == owner_id, _S.failures == failures)
    values = {"failures": failures + 1, "failed_at_s": now_s}
    return connection.execute(update(SECOND_FACTORS).where(*is_it).values(**values)).rowcount == 1


def remove(connection: Connection, owner_id: str) -> bool:
    """Forget the second factor and its recovery codes; False when there was none."""
    connection.execute(delete(RECOVERY_CODES).where(_R.owner_id == owner_id))
    return connection.execute(delete(SECOND_FACTORS).where(_S.owner_id == owner_id)).rowcount == 1
