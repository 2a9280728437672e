"""How much a connection carries: so many link-layer packets per connection event, so that back-pressure is real."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bumble import hci
from bumble.controller import Connection


@dataclass(frozen=True)
class Pacing:
    """Packets of up to 251 bytes that may leave per connection event; an interval of 0 means as fast as the CPU goes.

    15 ms × 6 gives 90 kB/s, 7.5 ms × 6 gives 180 kB/s: the believable range of an ESP32.
    """

    interval_s: float = 0.015
    packets_per_event: int = 6


UNPACED = Pacing(interval_s=0.0)


class Pacer:
    """One connection's transmit queue: sends at connection events and only then reports the packets as completed."""

    def __init__(self, connection: Connection, pacing: Pacing, alive: Callable[[], bool]) -> None:
        self._connection = connection
        self._pacing = pacing
        self._alive = alive
        self._queue: deque[hci.HCI_AclDataPacket] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def put(self, packet: hci.HCI_AclDataPacket) -> None:
        """Take one packet from the host."""
        if not self._pacing.interval_s:
            self._connection.on_hci_acl_data_packet(packet)
            return
        self._queue.append(packet)
        if self._timer is None:
            self._arm()

    def drop(self) -> None:
        """Forget what was not sent: the link is gone."""
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._pacing.interval_s, self._event)

    def _event(self) -> None:
        self._timer = None
        sent = 0
        while self._queue and sent < self._pacing.packets_per_event and self._alive():
            self._connection.assembler.feed_packet(self._queue.popleft())
            sent += 1
        if not self._alive():
            self._queue.clear()
            return
        if sent:
            self._connection.controller.send_hci_packet(
                hci.HCI_Number_Of_Completed_Packets_Event(
                    connection_handles=[self._connection.handle], num_completed_packets=[sent]
                )
            )
        if self._queue:
            self._arm()
