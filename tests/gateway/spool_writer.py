"""Run as a process that is killed or limited: appends a known journal, saying each durable position, until it ends.

spool_writer.py FOLDER SIZE [LARGEST_FILE]
"""

import random
import resource
import sys
from pathlib import Path

from paceline_gateway.errors import SpoolError
from paceline_gateway.spool import Spool

DEVICE_ID = bytes(range(8))
EPOCH = 77


def known_journal(size: int) -> bytes:
    """The bytes that every run writes."""
    return random.Random(99).randbytes(size)


def main() -> int:
    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    whole = known_journal(size)
    spool = Spool(folder)
    journal = spool.device(DEVICE_ID).begin(EPOCH, 0)
    print("open", journal.cursor, flush=True)
    if len(sys.argv) > 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        while journal.cursor < size:
            journal.write(journal.cursor, whole[journal.cursor : journal.cursor + 227])
            if journal.cursor - journal.durable >= 32 * 227 or journal.cursor == size:
                print("durable", journal.sync(), flush=True)
    except SpoolError as error:
        print("refused", journal.cursor, error, flush=True)
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
