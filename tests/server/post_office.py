"""A real SMTP server on loopback that keeps what it takes, and may be down, refuse, or be slow."""

import asyncio
import re
import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

WAIT_S = 120.0


class _Window(Controller):
    """Ends its connections, too, when it stops: else who sends waits on, and their sockets are left to the garbage."""

    _sessions: "list[SMTP] | None" = None

    def factory(self) -> SMTP:
        """Make what speaks on one connection (aiosmtpd's name)."""
        session = super().factory()
        self._sessions = [*(self._sessions or []), session]
        return session

    def stop(self, no_assert: bool = False) -> None:
        """Be gone."""
        asyncio.run_coroutine_threadsafe(self._end_sessions(), self.loop).result(WAIT_S)
        super().stop(no_assert)

    async def _end_sessions(self) -> None:
        if self.server is not None:
            self.server.close()
        for session in self._sessions or []:
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()
        await asyncio.sleep(0)  # now they are told


class PostOffice:
    """Starts and stops at one port; `refusing` is what it says to a recipient; while `slow` it thinks."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.letters: list[EmailMessage] = []
        self.refusing: str | None = None
        self.slow = False
        self.asked = 0
        self._controller: _Window | None = None

    @property
    def url(self) -> str:
        """What the setting smtp_url says."""
        return f"smtp://127.0.0.1:{self.port}"

    def open(self, **how: Any) -> None:
        """Listen; `how` is aiosmtpd's: its TLS and who may log in."""
        self._controller = _Window(self, hostname="127.0.0.1", port=self.port, ready_timeout=WAIT_S, **how)
        self._controller.start()

    def close(self) -> None:
        """Be down."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take or refuse a recipient (aiosmtpd's name)."""
        self.asked += 1
        await until(lambda: not self.slow)
        if self.refusing is not None:
            return self.refusing
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a letter (aiosmtpd's name)."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 OK"

    async def letter(self, number: int = 1) -> EmailMessage:
        """Wait until as many letters have come; return the last of them."""
        await until(lambda: len(self.letters) >= number)
        return self.letters[number - 1]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; bounded."""
    async with asyncio.timeout(WAIT_S):
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)


def link_in(letter: EmailMessage) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"https?://[^/\s]+(/(confirm|recover)/\S+)", letter.get_content())
    assert found is not None, letter.get_content()
    return found[1]
