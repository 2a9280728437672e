"""`python -m paceline_tools.bench.link`: what the journal leaves of a link, and a long workout's time on the air.

Measured on the virtual link beside raw notifications; the board's own CPU time is not slowed down to an ESP32's.
"""

import asyncio
import math
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from paceline_protocol import gatt, messages
from paceline_protocol.handshake import GatewayHandshake
from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.records import CRASH, pack_fields, pack_record
from paceline_protocol.secure_channel import FRAME_OVERHEAD

from paceline_tools.bench.link_peer import RAW_FIRMWARE, RAW_NOTIFY, RAW_WRITE
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing
from paceline_tools.virtual.provision import JOURNAL_LABEL, provision
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

GOAL_SHARE = 0.90
GOAL_AIR_S = 2.5
PULLED_BYTES = 384 * 1024
ROUNDS = 3
CREDITS = 200
IDENTITY = Identity(bytes(range(1, 9)), bytes(range(32)))
EPOCH = 77

WORKOUT_S = 10 * 3600
BYTES_PER_SAMPLE = 2.5  # the codec's goal, all in; `make bench-codec` prints what is reached
RATE_BYTES_S = 42_500
LOSS = 0.01
ATT_MTU = 498
_ATT_OVERHEAD = 3
_L2CAP_OVERHEAD = 4
_DATA_OVERHEAD = 5
_ROUND_TRIPS = 6  # MTU, subscription, HELLO, AUTH, READ, ACK
_INTERVAL_S = 0.015


def main() -> int:
    """Print the figures; return 1 when a goal is missed."""
    raw_bytes_s, pulled_bytes_s = asyncio.run(_measure())
    share = pulled_bytes_s / raw_bytes_s
    print(f"The virtual link: {Pacing().interval_s * 1e3:g} ms × {Pacing().packets_per_event} packets, MTU {ATT_MTU}")
    print(f"  raw notifications {raw_bytes_s / 1e3:>8.1f} kB/s")
    print(f"  journal bytes     {pulled_bytes_s / 1e3:>8.1f} kB/s, sealed frames, credits, medians of {ROUNDS}")
    met = _goal("journal's share of raw notifications", share, GOAL_SHARE, share >= GOAL_SHARE, "≥")
    journal = WORKOUT_S * BYTES_PER_SAMPLE
    air_s = air_time_s(journal)
    what = f"{journal / 1e3:.0f} kB, {RATE_BYTES_S / 1e3} kB/s, {LOSS:.0%} loss"
    print(f"\n10 h at {BYTES_PER_SAMPLE} bytes a sample: {what}")
    return 0 if _goal("modelled air time, s", air_s, GOAL_AIR_S, air_s <= GOAL_AIR_S, "≤") and met else 1


def air_time_s(journal_bytes: float) -> float:
    """Return the seconds on the air: all frames with their overheads at the rate, lost packets again, round trips.

    The rate is what the link carries in link-layer payload (L2CAP, ATT and frame overhead are paid from it).
    """
    room = ATT_MTU - _ATT_OVERHEAD - FRAME_OVERHEAD - _DATA_OVERHEAD
    frames = math.ceil(journal_bytes / room)
    on_link = journal_bytes + frames * (_L2CAP_OVERHEAD + _ATT_OVERHEAD + FRAME_OVERHEAD + _DATA_OVERHEAD)
    granted = math.ceil(frames / CREDITS) * (_L2CAP_OVERHEAD + _ATT_OVERHEAD + FRAME_OVERHEAD + 3)
    return (on_link + granted) / RATE_BYTES_S / (1 - LOSS) + _ROUND_TRIPS * 2 * _INTERVAL_S


async def _measure() -> tuple[float, float]:
    raw: list[float] = []
    pulled: list[float] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            raw.append(await _raw_bytes_s(Path(folder) / "raw"))
            pulled.append(await _pulled_bytes_s(Path(folder) / "journal"))
    return sorted(raw)[ROUNDS // 2], sorted(pulled)[ROUNDS // 2]


@asynccontextmanager
async def _connected(state: Path, name: str) -> AsyncIterator[BleakClient]:
    link = RadioLink(Pacing())
    device, _controller = make_device(link, "central", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    settings = BoardSettings(utc_s=1_750_000_000, journal_bytes=_pages() * PAGE_SIZE)
    board = VirtualWearable(link, state, IDENTITY, settings)
    await board.switch_on()
    try:
        found = await BleakScanner.find_device_by_name(name, timeout=10)
        if found is None:
            raise TimeoutError(f"{name} does not advertise: {list(board.lines)[-5:]}")
        async with BleakClient(found) as client:
            yield client
    finally:
        await board.switch_off()
        uninstall()
        link.cut_all()


async def _raw_bytes_s(state: Path) -> float:
    (state / "stage").mkdir(parents=True)
    (state / "stage" / "main.py").write_text(RAW_FIRMWARE)
    async with _connected(state, "raw") as client:
        frames = _Frames()
        await client.start_notify(RAW_NOTIFY, frames.take)
        await client.write_gatt_char(RAW_WRITE, PULLED_BYTES.to_bytes(4, "little"), response=True)
        return await _rate(frames, len)


async def _pulled_bytes_s(state: Path) -> float:
    provision(state, IDENTITY, _pages() * PAGE_SIZE)
    (state / f"flash-{JOURNAL_LABEL}.bin").write_bytes(_journal())
    async with _connected(state, "Paceline-0708") as client:
        frames = _Frames()
        await client.start_notify(gatt.DATA_UUID, frames.take)
        shake = GatewayHandshake(bytes(16), lambda _: (IDENTITY.device_id, IDENTITY.device_key))
        await client.write_gatt_char(gatt.CONTROL_UUID, shake.start(), response=False)
        answer = shake.receive(await frames.next())
        await client.write_gatt_char(gatt.CONTROL_UUID, answer, response=False)
        channel = shake.channel(_aes_ecb)
        channel.open(await frames.next())
        read = messages.encode(messages.READ, epoch=EPOCH, position=0, credits=60_000)
        await client.write_gatt_char(gatt.CONTROL_UUID, channel.seal(read), response=False)

        def journal_bytes(frame: bytes) -> int:
            kind, fields = messages.decode(channel.open(frame))
            if kind != messages.DATA:
                raise ValueError(f"message {kind} among the data")
            return len(fields.data)

        return await _rate(frames, journal_bytes)


class _Frames:
    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, _: BleakGATTCharacteristic, value: bytearray) -> None:
        self._queue.put_nowait(bytes(value))

    async def next(self) -> bytes:
        async with asyncio.timeout(20):
            return await self._queue.get()


async def _rate(frames: _Frames, size_of) -> float:  # pyright: ignore[reportMissingParameterType]
    size_of(await frames.next())  # the clock starts with the first
    begin = time.perf_counter()
    received = 0
    while received < 0.9 * PULLED_BYTES:
        received += size_of(await frames.next())
    return received / (time.perf_counter() - begin)


def _pages() -> int:
    return PULLED_BYTES // PAGE_SIZE + 8


def _journal() -> bytes:
    key = journal_key(IDENTITY.device_key)
    text = pack_fields(CRASH, 1, "x" * 240)
    end, tag = 0, NO_TAG
    journal = bytearray()
    for number in range(PULLED_BYTES // PAGE_SIZE + 1):
        page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(page, EPOCH, number, end, tag)
        end = HEADER_SIZE
        while end + len(text) + 4 <= PAGE_SIZE:
            end = pack_record(page, end, CRASH, text)
        tag = page_tag(key, page, end)
        journal += page
    return bytes(journal) + b"\xff" * (_pages() * PAGE_SIZE - len(journal))


def _aes_ecb(key: bytes):
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 (CTR is built from it)
    return encryptor.update


def _goal(name: str, measured: float, goal: float, met: bool, sign: str) -> bool:
    print(f"{name:<44}{measured:>8.3f}  goal {sign} {goal:g}{'' if met else '  MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
