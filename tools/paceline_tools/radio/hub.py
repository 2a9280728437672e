"""Lets processes put their Bluetooth host on this link: each HCI connection gets a controller of its own.

hub = Hub(link)
address = await hub.serve_unix(path)       # "unix:PATH", what attach_device and virtual_gateway take
"""

import asyncio
from pathlib import Path

from bumble.transport.common import StreamPacketSink, StreamPacketSource

from paceline_tools.radio.controller import RadioController
from paceline_tools.radio.link import RadioLink


class Hub:
    """Serves HCI (H4 framing, Core vol 4 part A) on a unix socket or loopback TCP."""

    def __init__(self, link: RadioLink) -> None:
        self.link = link
        self.controllers: list[RadioController] = []
        self._servers: list[asyncio.Server] = []
        self._transports: set[asyncio.Transport] = set()
        self._count = 0

    async def serve_unix(self, path: Path, public_address: str | None = None) -> str:
        """Listen on a new unix socket and give the address to attach to; who attaches has that public address."""
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_unix_server(lambda: _HciConnection(self, public_address), str(path)))
        return f"unix:{path}"

    async def serve_tcp(self, port: int = 0) -> str:
        """Listen on loopback TCP (a free port by default) and give the address to attach to."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _HciConnection(self), "127.0.0.1", port)
        self._servers.append(server)
        return f"tcp-client:127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening and free every controller."""
        for server in self._servers:
            server.close()
        for transport in list(self._transports):
            transport.abort()
        for server in self._servers:
            await server.wait_closed()
        for controller in list(self.controllers):
            self.left(controller)

    def joined(
        self, transport: asyncio.Transport, source: StreamPacketSource, public_address: str | None = None
    ) -> RadioController:
        """A host attached: give it a controller on the link."""
        self._count += 1
        self._transports.add(transport)
        controller = RadioController(
            f"hub-{self._count}",
            self.link,
            host_source=source,
            host_sink=StreamPacketSink(transport),
            public_address=public_address,
        )
        self.controllers.append(controller)
        return controller

    def left(self, controller: RadioController, transport: asyncio.Transport | None = None) -> None:
        """A host is gone, in whatever way: free its controller and its links."""
        if transport is not None:
            self._transports.discard(transport)
        if controller in self.controllers:
            self.controllers.remove(controller)
            controller.host = None
            self.link.leave(controller)


class _HciConnection(StreamPacketSource):
    """One attached host."""

    def __init__(self, hub: Hub, public_address: str | None = None) -> None:
        super().__init__()
        self._hub = hub
        self._public_address = public_address
        self._controller: RadioController | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._controller = self._hub.joined(transport, self, self._public_address)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._controller is not None:
            self._hub.left(self._controller, self._transport)
