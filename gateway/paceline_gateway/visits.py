"""Visits: connect to a wearable that was seen, find out who it is, sync it; several at once, each as its own task."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from paceline_protocol.alias import recognise
from paceline_protocol.layout import Fields

from paceline_gateway.actions import Instant
from paceline_gateway.config import Config
from paceline_gateway.crypto import aes_ecb
from paceline_gateway.errors import PullError, RadioError, SpoolError
from paceline_gateway.patience import LONGEST_S, LONGEST_UNREACHED_S, Patience
from paceline_gateway.progress import Progress
from paceline_gateway.pull import Pull
from paceline_gateway.push import Blob, Push
from paceline_gateway.radio.connection import Connection, reach
from paceline_gateway.radio.sighting import Sighting
from paceline_gateway.spool import Spool
from paceline_gateway.sync import Syncer
from paceline_gateway.watch.board import Board

TURN_S = 60.0
"""How long a wearable keeps its connection when others wait for one, however much it still has to tell."""
GAVE_WAY_REST_S = 30.0
"""How long a wearable that had nothing more to send, and left for others, is not connected to again."""
STRANGER_REST_S = 600.0
WRONG_KEY_REST_S = 300.0
SECOND_REST_S = 15.0
"""Short: an id is only claimed until it is proven, and the true wearable may be the second."""
_NOT_OURS = ("unknown_device", "unauthenticated")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class World:
    """What visits need of the outside: time and chance."""

    clock: Callable[[], Instant]
    draw: Callable[[], float]
    nonce: Callable[[], bytes] = lambda: os.urandom(16)


class Visits:
    """All connections of one gateway. `follow`: stay connected; otherwise leave once caught up, and visit each once."""

    def __init__(
        self,
        config: Config,
        spool: Spool,
        world: World,
        *,
        on_durable: Callable[[bytes], None],
        board: Board,
        follow: bool,
        desired: Callable[[bytes], tuple[Blob, ...]] = lambda _device_id: (),
        on_status: Callable[[bytes, Fields], None] = lambda _device_id, _status: None,
    ) -> None:
        """`on_durable`, `desired` and `on_status` are those of sync.Syncer."""
        self._config = config
        self._spool = spool
        self._world = world
        self._on_durable = on_durable
        self._board = board
        self._follow = follow
        self._desired = desired
        self._on_status = on_status
        self._refused: dict[bytes, set[tuple[int, int]]] = {}
        self._patience = Patience()
        self._said: dict[bytes, str] = {}
        self._connecting = asyncio.Lock()
        self._slots = asyncio.Semaphore(config.max_connections)
        self._waiting = 0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.connected: set[bytes] = set()
        self.done: set[bytes] = set()
        self.changed = asyncio.Event()

    @property
    def missing(self) -> set[bytes]:
        """The configured wearables that are still to be found."""
        return set(self._config.wearables) - self.connected - self.done

    @property
    def last_addresses(self) -> list[str]:
        """The addresses at which the configured wearables were met last."""
        addresses = (self._spool.device(device_id).last_address for device_id in self._config.wearables)
        return [address for address in addresses if address]

    def seen(self, sighting: Sighting) -> None:
        """Visit the wearable unless it is being visited, paused, or too many wait already."""
        if not self.missing:  # a wearable that is connected goes on advertising, perhaps under another address
            return
        paused = not self._patience.may_try(sighting.address, self._world.clock().monotonic_s)
        if paused or sighting.address in self._tasks or len(self._tasks) >= 4 * self._config.max_connections:
            return
        task = asyncio.create_task(self._visit(sighting))
        self._tasks[sighting.address] = task
        task.add_done_callback(lambda _task: self._tasks.pop(sighting.address, None))

    async def stop(self) -> None:
        """End every visit, each with its disconnection."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _visit(self, sighting: Sighting) -> None:
        """One visit from connecting to disconnecting: the top of its task, where its errors are told."""
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            await self._connected(sighting)
        except (RadioError, PullError, SpoolError) as error:
            self._failed(sighting, error)
        except Exception:
            self._patience.failed(sighting.address, self._world.clock().monotonic_s, self._world.draw())
            log.exception("%s: the visit failed", sighting.name)
        finally:
            self._slots.release()
            self.changed.set()

    async def _connected(self, sighting: Sighting) -> None:
        # An adapter makes one connection at a time; asked for two, some fail both.
        async with self._connecting:
            connection, sighting = await reach(sighting)
        try:
            claimed = self._config.known(await connection.alias())
            device_id = claimed[0] if claimed else b""
            if not claimed:
                self._patience.rest(sighting.address, self._world.clock().monotonic_s, STRANGER_REST_S)
                log.info("%s at %s: no key in the settings is its key", sighting.name, sighting.address)
            elif device_id in self.connected:
                self._patience.rest(sighting.address, self._world.clock().monotonic_s, SECOND_REST_S)
                log.warning("%s: a second device claims to be %s", sighting.name, device_id.hex())
            else:
                self.connected.add(device_id)
                self._board.connected(device_id, sighting.rssi_dbm)
                self.changed.set()
                problem = ""
                try:
                    await self._sync(connection, sighting, device_id)
                except (RadioError, PullError, SpoolError) as error:
                    problem = error.problem if isinstance(error, RadioError) else str(error)
                    self._failed(sighting, error, device_id)
                finally:
                    self.connected.discard(device_id)
                    self._board.left(device_id, problem)
        finally:
            await connection.close()

    async def _sync(self, connection: Connection, sighting: Sighting, device_id: bytes) -> None:
        name = self._config.wearables[device_id].name
        log.info("%s: connected (%s)", name, sighting.signal)
        push = Push(self._refused.setdefault(device_id, set()))
        pull = Pull(self._world.nonce(), self._only(device_id), aes_ecb, push)
        progress = Progress(name, log.info, partial(self._board.pulled, device_id))
        syncer = Syncer(
            connection,
            pull=pull,
            spool=self._spool,
            clock=self._world.clock,
            progress=progress,
            on_durable=self._durable,
            desired=self._desired,
            on_status=self._heard,
        )
        # Kept before the greeting: if this process dies, the next one must find the connection that BlueZ keeps.
        self._spool.device(device_id).remember_address(sighting.address)
        await connection.subscribe()
        started_s = self._world.clock().monotonic_s

        def turn_is_over() -> bool:
            return self._world.clock().monotonic_s - started_s >= TURN_S and self._waiting > 0

        def idle() -> bool:
            return pull.status is not None and not pull.status.recording

        def may_leave() -> bool:
            # Only a workout is worth following while others wait.
            return not self._follow or turn_is_over() or (idle() and self._waiting > 0)

        try:
            await syncer.run(may_leave, turn_is_over)
        finally:
            self._after(name, sighting, pull)
        if pull.settled and not self._follow:
            self.done.add(device_id)
            self._patience.rest(sighting.address, self._world.clock().monotonic_s, STRANGER_REST_S)
        elif pull.settled and idle():
            self._patience.rest(sighting.address, self._world.clock().monotonic_s, GAVE_WAY_REST_S)

    def _durable(self, device_id: bytes) -> None:
        self._said.pop(device_id, None)
        self._on_durable(device_id)

    def _heard(self, device_id: bytes, status: Fields) -> None:
        self._board.heard(device_id, status)
        self._on_status(device_id, status)

    def _only(self, device_id: bytes) -> Callable[[bytes], tuple[bytes, bytes] | None]:
        """The wearable must prove to be the one that it claimed: another, even a configured one, is a stranger here."""
        wearable = self._config.wearables[device_id]
        return lambda alias: recognise(alias, {device_id: wearable.key})

    def _after(self, name: str, sighting: Sighting, pull: Pull) -> None:
        if pull.status is not None:
            self._patience.worked(sighting.address)
        if pull.lost or pull.link.rejected or pull.link.replayed:
            counts = (pull.lost, pull.link.rejected, pull.link.replayed)
            log.info("%s: reading began again %d times, %d frames did not open, %d came twice", name, *counts)

    def _failed(self, sighting: Sighting, error: RadioError | PullError | SpoolError, device_id: bytes = b"") -> None:
        now_s = self._world.clock().monotonic_s
        if isinstance(error, PullError) and error.code in _NOT_OURS:
            self._patience.rest(sighting.address, now_s, WRONG_KEY_REST_S)
            log.error("%s: refused, is its key right? %s", sighting.name, error)
            return
        only_radio = isinstance(error, RadioError)
        unreached = only_radio or (isinstance(error, PullError) and error.code == "silent")
        longest_s = LONGEST_UNREACHED_S if unreached else LONGEST_S
        wait_s = self._patience.failed(sighting.address, now_s, self._world.draw(), longest_s)
        # What needs a person's hand is told once, until it is mended or is something else.
        told = only_radio or self._said.get(device_id) == str(error)
        if device_id and not only_radio:
            self._said[device_id] = str(error)
        log.log(logging.INFO if told else logging.ERROR, "%s: %s; next try in %.0f s", sighting.name, error, wait_s)
