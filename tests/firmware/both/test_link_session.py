"""The wearable's side of the link, against the gateway's side of the protocol; frames pass through memory."""

import asyncio
import os

from firmware.wearable_bench import EPOCH, WearableBench
from paceline_protocol import messages
from paceline_protocol.alias import recognise
from paceline_protocol.errors import LinkError
from paceline_protocol.handshake import GatewayHandshake
from paceline_protocol.layout import Fields
from paceline_protocol.records import CRASH, pack_fields
from protocol.both.aes import aes_ecb
from wearable.link.blobs import BlobStore
from wearable.link.requests import Requests
from wearable.link.session import LinkSession

ID = b"\x01\x02\x03\x04\x05\x06\x07\x08"
KEY = bytes(range(32))
UTC_MS = 1_750_000_000_000


class Battery:
    millivolt = 3900
    percent = 77


class Bench:
    """A wearable and one connection to it."""

    def __init__(self, mtu: int = 247, blobs: str = "blobs") -> None:
        wearable = WearableBench()
        self.journal, self.clock, self.recorder = wearable.journal, wearable.clock, wearable.recorder
        store = BlobStore(blobs)
        self.requests = Requests(ID, KEY, (0, 1, 0), self.journal, self.clock, self.recorder, store, Battery())
        self.sent: list[bytes] = []
        self.mtu = mtu
        self.session = LinkSession(self.requests, self._send, lambda: self.mtu, bytes(16), aes_ecb)
        self.journal.on_append = self.session.journal_grew
        self.handshake = GatewayHandshake(b"\x09" * 16, lambda alias: recognise(alias, {ID: KEY}))
        self.channel = None

    async def _send(self, frame: bytes) -> None:
        await asyncio.sleep(0)
        assert len(frame) <= self.mtu - 3
        self.sent.append(bytes(frame))

    async def settle(self) -> "list[bytes]":
        """Let the session work until it waits, and return what it sent."""
        for _ in range(400):
            await asyncio.sleep(0)
        sent, self.sent = self.sent, []
        return sent

    async def connect(self) -> "asyncio.Task[None]":
        """Shake hands; the session's task runs from here on."""
        task = asyncio.create_task(self.session.run())
        self.session.receive(self.handshake.start())
        self.session.receive(self.handshake.receive((await self.settle())[0]))
        self.channel = self.handshake.channel(aes_ecb)
        status = self.opened(await self.settle())
        assert [kind for kind, _ in status] == [messages.STATUS]
        return task

    async def ask(self, message_kind: int, **fields: object) -> "list[tuple[int, Fields]]":
        """Send a message and return the answers as (kind, fields)."""
        assert self.channel is not None
        self.session.receive(self.channel.seal(messages.encode(message_kind, **fields)))
        return self.opened(await self.settle())

    def opened(self, frames: "list[bytes]") -> "list[tuple[int, Fields]]":
        """Open sealed frames."""
        assert self.channel is not None
        return [messages.decode(self.channel.open(frame)) for frame in frames]

    async def read(self, position: int, allowed: int) -> "list[tuple[int, Fields]]":
        """READ and return the answers."""
        return await self.ask(messages.READ, epoch=EPOCH, position=position, credits=allowed)

    async def end(self, task: "asyncio.Task[None]") -> None:
        """Close the connection."""
        self.session.close()
        await task


async def test_it_is_silent_until_hello() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.session.run())
    bench.journal.append(CRASH, pack_fields(CRASH, 0, "x"))
    assert await bench.settle() == []
    assert not bench.session.greeted
    await bench.end(task)


async def test_a_gateway_without_the_key_gets_an_error_and_the_connection_ends() -> None:
    bench = Bench()
    bench.handshake = GatewayHandshake(b"\x09" * 16, lambda _: (ID, KEY))
    task = asyncio.create_task(bench.session.run())
    bench.session.receive(bench.handshake.start())
    await bench.settle()
    bench.session.receive(messages.encode(messages.AUTH, proof=bytes(16)))
    (refusal,) = await bench.settle()
    kind, fields = messages.decode(refusal)
    assert (kind, fields.code) == (messages.ERROR, 3)
    assert not bench.session.authenticated
    await task


async def test_the_whole_journal_is_read_within_the_credits() -> None:
    bench = Bench()
    task = await bench.connect()
    for i in range(40):
        bench.journal.append(CRASH, pack_fields(CRASH, i, "y" * 200))
    received = b""
    answers = await bench.read(0, 7)
    while answers:
        assert len(answers) <= 7
        for kind, fields in answers:
            assert kind == messages.DATA and fields.position == len(received)
            received += fields.data
        answers = await bench.ask(messages.CREDIT, credits=len(answers))
    assert len(received) == bench.journal.end > 2 * 4096
    buffer = bytearray(4096)
    bench.journal.read(4096, buffer)
    assert received[4096:8192] == buffer
    await bench.end(task)


async def test_the_stream_follows_the_growing_end() -> None:
    bench = Bench()
    task = await bench.connect()
    end = bench.journal.end
    assert await bench.read(end, 50) == []
    bench.journal.append(CRASH, pack_fields(CRASH, 1, "grown"))
    ((kind, fields),) = bench.opened(await bench.settle())
    assert (kind, fields.position) == (messages.DATA, end)
    assert b"grown" in fields.data
    assert await bench.ask(messages.READ, epoch=EPOCH, position=0, credits=0) == [], "no credits stop the stream"
    bench.journal.append(CRASH, pack_fields(CRASH, 2, "more"))
    assert await bench.settle() == []
    await bench.end(task)


async def test_each_bad_frame_has_one_answer_and_changes_nothing() -> None:
    bench = Bench()
    task = await bench.connect()
    assert bench.channel is not None
    good = bench.channel.seal(messages.encode(messages.GET_STATUS))
    flipped = bytearray(good)
    flipped[6] ^= 1
    for frame, code in ((bytes(flipped), 4), (b"\x00" * 5, 1)):
        bench.session.receive(frame)
        ((kind, fields),) = bench.opened(await bench.settle())
        assert (kind, fields.code) == (messages.ERROR, code)
    bench.session.receive(good)
    assert [kind for kind, _ in bench.opened(await bench.settle())] == [messages.STATUS]
    bench.session.receive(good)
    assert await bench.settle() == [], "a frame that comes twice is dropped"
    for position, code in ((bench.journal.end + 1, 7), (0, 6)):
        epoch = EPOCH if code == 7 else EPOCH + 1
        ((kind, fields),) = await bench.ask(messages.READ, epoch=epoch, position=position, credits=9)
        assert (kind, fields.code) == (messages.ERROR, code)
    ((kind, fields),) = await bench.ask(messages.STATUS, **_some_status())
    assert (kind, fields.code) == (messages.ERROR, 1)
    await bench.end(task)


async def test_time_confirmation_and_commands_reach_the_journal() -> None:
    bench = Bench()
    task = await bench.connect()
    assert await bench.ask(messages.SET_TIME, utc_ms=UTC_MS) == []
    assert bench.clock.source == 2
    end = bench.journal.end
    assert await bench.ask(messages.ACK, epoch=EPOCH, position=end, confirmed=end - 10) == []
    assert bench.journal.confirmed == end - 10
    assert await bench.ask(messages.ACK, epoch=EPOCH, position=9, confirmed=9) == []
    assert bench.journal.confirmed == end - 10
    ((kind, fields),) = await bench.ask(messages.COMMAND, action=messages.START, sport=4, user=2)
    assert (kind, fields.session) == (messages.COMMAND_OK, 1)
    ((kind, fields),) = await bench.ask(messages.COMMAND, action=messages.START, sport=4, user=2)
    assert (kind, fields.code) == (messages.ERROR, 9)
    ((kind, fields),) = await bench.ask(messages.GET_STATUS)
    assert (fields.recording, fields.session, fields.battery_percent) == (1, 1, 77)
    assert fields.utc_s * 1000 == UTC_MS
    await bench.end(task)


async def test_a_blob_is_resumed_where_it_stopped_and_bounded() -> None:
    folder = "/tmp/paceline-test-blobs-" + os.urandom(4).hex()
    bench = Bench(blobs=folder)
    task = await bench.connect()
    blob = bytes(range(250))

    async def put(offset: int, data: bytes, total: int = 250, version: int = 5) -> int:
        ((kind, fields),) = await bench.ask(
            messages.PUT, kind=1, version=version, total=total, offset=offset, data=data
        )
        assert kind == messages.PUT_OK if total < 20_000 else fields.code == 9
        return fields.offset if kind == messages.PUT_OK else -1

    assert await put(0, blob[:100]) == 100
    assert await put(0, blob[:100]) == 100, "the same piece again changes nothing"
    assert await put(200, blob[200:]) == 100
    assert await put(100, blob[100:200]) == 200
    assert await put(200, blob[200:]) == 250
    assert BlobStore(folder).get(1) == (5, blob)
    assert await put(0, blob[:50], version=6) == 50
    assert BlobStore(folder).get(1) == (5, blob), "a half one replaces nothing"
    assert await put(0, b"x", total=20_000) == -1
    for name in os.listdir(folder):
        os.remove(f"{folder}/{name}")
    os.rmdir(folder)
    await bench.end(task)


async def test_a_flood_of_frames_is_bounded() -> None:
    bench = Bench()
    for _ in range(100):
        bench.session.receive(b"noise")
    assert bench.session.dropped == 84
    task = asyncio.create_task(bench.session.run())
    assert len(await bench.settle()) == 16
    await bench.end(task)


def _some_status() -> "dict[str, object]":
    layout = messages.MESSAGES[messages.STATUS]
    return {name: bytes(3) if form == "3s" else 1 for name, form in layout.fields}


def test_what_is_refused_says_where() -> None:
    bench = Bench()
    try:
        bench.requests.check_epoch(5)
    except LinkError as error:
        assert error.code == "wrong_epoch"
    else:
        raise AssertionError("another epoch was taken")
