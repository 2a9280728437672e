"""New ids for the activities of an archive whose ids are another's by now; every reference to them follows.

The same account gives the same new ids, so that an archive whose reading was cut short goes on where it was. An id is
replaced in the lines as they are, before anything is made of them: so it is in columns, lists and keys alike.
"""

import hashlib
import re
from collections.abc import Callable, Set

_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def renewed(owner_id: str, held_id: str) -> str:
    """Return the id that stands for another one in an account; its first half, and so the order, is the same."""
    digits = hashlib.sha256(f"{owner_id} {held_id}".encode()).hexdigest()
    return f"{held_id[:19]}{held_id[19]}{digits[:3]}-{digits[3:15]}"


def renewing(owner_id: str, ids: Set[str]) -> Callable[[bytes], bytes]:
    """Return what makes a line speak of the new ids in place of these."""
    fresh = {held_id.encode(): renewed(owner_id, held_id).encode() for held_id in ids}
    return lambda line: _ID.sub(lambda found: fresh.get(found[0], found[0]), line)
