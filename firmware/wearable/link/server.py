"""Connections of the radio become link sessions, each with its own task."""

import asyncio
import os

import bluetooth
import cryptolib
from paceline_protocol import gatt
from paceline_protocol.alias import SALT_SIZE
from paceline_protocol.messages import LINK_VERSION, NONCE_SIZE

from .peripheral import MAX_CONNECTIONS, Peripheral
from .session import LinkSession

_ECB = 1
_LAST_WORD_MS = 200  # a disconnection drops what waits in the radio
_GREETING_MS = 10_000  # a gateway that has said HELLO has this long to prove itself
_SILENCE_MS = 30_000  # one that is in the way has this long to say it: hosts discover for seconds first
_LOOK_MS = 1000
_ASK_MS = 3000  # no gateway greets later; a phone may know the time


class LinkServer:
    """The link of one wearable (`requests`, see link/requests.py)."""

    def __init__(self, requests, name: str) -> None:
        self._requests = requests
        self._sessions = []
        self._rotate = False  # as asked; the stack may not be able to
        self.peripheral = Peripheral(bluetooth.BLE(), name, self._opened, requests.phone_time)
        self.standard = self.peripheral.standard

    @property
    def followed(self) -> bool:
        """A gateway is reading the journal, and waits for more."""
        for session in self._sessions:  # noqa: SIM110 (a generator would take from the heap)
            if session.following:
                return True
        return False

    def journal_grew(self) -> None:
        """Let the streams go on."""
        for session in self._sessions:
            session.journal_grew()

    def be_private(self, hide_live: bool, rotate_address: bool) -> None:
        """Do as the settings say, at once; cheap when nothing is new."""
        if self.standard.hidden != hide_live:
            self.standard.hidden = hide_live
        if self._rotate != rotate_address:
            self._rotate = rotate_address
            self.peripheral.rotate(rotate_address)

    @property
    def connected(self) -> bool:
        """Whether anybody is connected."""
        return bool(self._sessions)

    @property
    def trusted(self) -> bool:
        """Whether a gateway is connected that has proved itself."""
        for session in self._sessions:  # noqa: SIM110 (a generator would take from the heap)
            if session.authenticated:
                return True
        return False

    async def run(self) -> None:
        """Serve for ever."""
        await self.peripheral.run()

    def _opened(self, handle: int) -> LinkSession:
        async def send(frame: bytes) -> None:
            await self.peripheral.send(handle, frame)

        def mtu() -> int:
            return self.peripheral.mtu(handle)

        # Another alias for each: what one connection learns is not met again by the next.
        alias = self._requests.renew_alias(os.urandom(SALT_SIZE))
        self.peripheral.tell_info(gatt.pack_info(LINK_VERSION, alias))
        session = LinkSession(self._requests, send, mtu, os.urandom(NONCE_SIZE), _aes_ecb)
        self._sessions.append(session)
        asyncio.create_task(self._serve(session, handle))
        return session

    async def _serve(self, session: LinkSession, handle: int) -> None:
        guard = asyncio.create_task(self._guard(session, handle))
        try:
            await session.run()
            if session.refused:
                await asyncio.sleep_ms(_LAST_WORD_MS)
        except OSError:
            pass  # the connection broke; its end is reported by the radio
        finally:
            guard.cancel()
            self._sessions.remove(session)
            self.peripheral.disconnect(handle, session)

    async def _guard(self, session: LinkSession, handle: int) -> None:
        waited_ms = 0
        while not session.greeted:
            await asyncio.sleep_ms(_LOOK_MS)
            waited_ms += _LOOK_MS
            if waited_ms == _ASK_MS and self._requests.timeless:
                self.peripheral.ask_time(handle)
            if waited_ms >= _SILENCE_MS and self._in_the_way(session):
                session.close()
        await asyncio.sleep_ms(_GREETING_MS)
        if not session.authenticated:
            session.close()

    def _in_the_way(self, session: LinkSession) -> bool:
        # A phone that only wants the live values says no HELLO and may stay, while there are any to be had, and while
        # it is not the last of so many that no gateway could come.
        full = len(self._sessions) >= MAX_CONNECTIONS and not self.trusted
        return self.standard.hidden or (full and self._sessions[-1] is session)


def _aes_ecb(key: bytes):
    return cryptolib.aes(key, _ECB).encrypt
