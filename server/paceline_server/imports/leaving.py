"""Files that nobody wanted: let go when they waited long enough. Blocks, and belongs in a pool."""

from collections.abc import Callable
from dataclasses import replace

from paceline_server.errors import told
from paceline_server.imports import store
from paceline_server.imports.model import DONE, FORGOTTEN, LOOKED, UNDONE, Batch
from paceline_server.imports.originals import original_key
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database, Write

SLICE = 200
NOBODY = told("Nobody said in time what of it to import: the files were let go. Send them again to import them.")


def let_go(
    database: Database,
    blobs: Blobs,
    owner_id: str,
    batch_id: str,
    write: Write,
    clock: Callable[[], float],
    wait_s: float,
) -> None:
    """Forget the files of a batch that still wait, with their bytes; before their time, look again then.

    Done twice, it changes nothing; done again after a crash, it does the rest.
    """
    batch = database.read_now(store.get, owner_id, batch_id)
    if batch is None or batch.state not in (LOOKED, DONE, UNDONE):
        return  # what is under way says itself when files wait again
    rest_s = batch.made_at_s + wait_s - clock()
    if rest_s > 0:
        write(store.wait, batch, clock(), rest_s)
        return
    while database.write_now(_forget_some, batch):
        pass
    for sha256 in database.read_now(store.forgotten_sums, owner_id, batch_id):
        if not database.read_now(store.in_use, owner_id, sha256):
            blobs.delete(original_key(owner_id, sha256))
    if batch.state == LOOKED:
        write(_end, batch)


def _forget_some(connection: Connection, batch: Batch) -> bool:
    held = store.get(connection, batch.owner_id, batch.batch_id)
    if held is None or held.state != batch.state:  # its owner wants it after all
        return False
    files = store.waiting(connection, batch.owner_id, batch.batch_id, SLICE)
    store.keep_files(connection, [replace(one, state=FORGOTTEN, wanted="") for one in files])
    return bool(files)


def _end(connection: Connection, batch: Batch) -> None:
    held = store.get(connection, batch.owner_id, batch.batch_id)
    if held is not None and held.state == LOOKED:
        store.keep(connection, replace(held, state=UNDONE, reason=NOBODY))
