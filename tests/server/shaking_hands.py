"""A TLS port that answers each line with itself, and clients that look at its certificate."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from cryptography import x509


@asynccontextmanager
async def answering(context: ssl.SSLContext) -> AsyncIterator[int]:
    """Listen on a free port of this machine; give its number."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(line)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class Call:
    """A connection whose certificate was verified."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        seen = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        self.certificate = x509.load_der_x509_certificate(seen)

    async def says(self, line: bytes) -> bytes:
        """Send a line and return the answer."""
        self._writer.write(line)
        return await self._reader.readline()


@asynccontextmanager
async def calling(port: int, authority_pem: bytes, host: str = "127.0.0.1") -> AsyncIterator[Call]:
    """Connect as one who trusts this authority only and wants that host; ssl.SSLCertVerificationError otherwise."""
    trusting = ssl.create_default_context(cadata=authority_pem.decode())
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=host)
    try:
        yield Call(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
