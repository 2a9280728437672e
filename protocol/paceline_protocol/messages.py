"""Messages of the link: kind u8, then the fields of its row (docs/PROTOCOL.md).

MESSAGES is the one table: it drives encode and decode, and docs/PROTOCOL.md is tested against it.
"""

from .errors import LinkError
from .layout import Fields, Layouts

LINK_VERSION = 2
NONCE_SIZE = 16
PROOF_SIZE = 16
MIN_MTU = 96
# What of an ATT MTU is not journal bytes in a DATA frame: ATT 3, frame 12, kind 1, position 4.
DATA_OVERHEAD = 20

HELLO = 1
HELLO_OK = 2
AUTH = 3
STATUS = 4
GET_STATUS = 5
READ = 6
CREDIT = 7
DATA = 8
ACK = 9
SET_TIME = 10
PUT = 11
PUT_OK = 12
COMMAND = 13
COMMAND_OK = 14
ERROR = 15

# COMMAND.action
START = 1
STOP = 2
MARK_LAP = 3
PAUSE = 4
RESUME = 5

MESSAGES = Layouts(
    {
        HELLO: "HELLO version:B nonce:16s",
        HELLO_OK: "HELLO_OK version:B alias:8s nonce:16s mtu:H proof:16s",
        AUTH: "AUTH proof:16s",
        STATUS: (
            "STATUS epoch:I start:I end:I confirmed:I t_s:I utc_s:I battery_percent:B "
            "battery_millivolt:H recording:B session:H firmware:3s fix:B user:B "
            "settings_version:I plan_version:I assistance_version:I"
        ),
        GET_STATUS: "GET_STATUS",
        READ: "READ epoch:I position:I credits:H",
        CREDIT: "CREDIT credits:H",
        DATA: "DATA position:I data:bytes",
        ACK: "ACK epoch:I position:I confirmed:I",
        SET_TIME: "SET_TIME utc_ms:Q",
        PUT: "PUT kind:B version:I total:I offset:I data:bytes",
        PUT_OK: "PUT_OK kind:B version:I offset:I",
        COMMAND: "COMMAND action:B sport:B user:B",
        COMMAND_OK: "COMMAND_OK action:B session:H",
        ERROR: "ERROR code:B position:I text:text",
    }
)


def encode(message_kind: int, **fields: object) -> bytes:
    """Return the message; ValueError names the field that is missing, unknown or does not fit (our own mistake)."""
    layout = MESSAGES[message_kind]
    if len(fields) != len(layout.names):
        raise ValueError(f"{layout.name} takes {layout.names}, not {tuple(fields)}")
    try:
        values = [fields[name] for name in layout.names]
    except KeyError:
        raise ValueError(f"{layout.name} takes {layout.names}, not {tuple(fields)}")  # noqa: B904 (no cause there)
    return bytes((message_kind,)) + layout.pack(values)


def decode(message: bytes | bytearray | memoryview) -> "tuple[int, Fields]":
    """Return (kind, fields); LinkError("malformed", offset) for an unknown kind or a length that is not the kind's."""
    if len(message) == 0:
        raise LinkError("malformed", 0, "the message is empty")
    kind = message[0]
    layout = MESSAGES.get(kind)
    if layout is None:
        raise LinkError("malformed", 0, f"message kind {kind} is not known")
    if len(message) - 1 < layout.size or (layout.tail is None and len(message) - 1 > layout.size):
        raise LinkError("malformed", len(message), f"{layout.name} has {layout.size} bytes, not {len(message) - 1}")
    try:
        return kind, layout.parse(memoryview(message)[1:])
    except ValueError as error:
        raise LinkError("malformed", 1 + layout.size, str(error))  # noqa: B904 (MicroPython keeps no cause)


def encode_error(error: LinkError, text: str = "") -> bytes:
    """Return the ERROR message that tells the other side; the text, or else its detail, is cut to 60 letters."""
    return encode(ERROR, code=error.number, position=max(error.where, 0), text=(text or error.detail)[:60])
