"""Runs the publisher beside the gateway when the settings name a broker."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping

from paceline_gateway.actions import Instant
from paceline_gateway.config import Config
from paceline_gateway.errors import ConfigError
from paceline_gateway.mqtt.home_assistant import Shown
from paceline_gateway.mqtt.showing import Showing
from paceline_gateway.spool import Spool
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.watch.board import Board


@contextlib.asynccontextmanager
async def mirrored(
    config: Config, spool: Spool, board: Board, clock: Callable[[], Instant], draw: Callable[[], float]
) -> AsyncIterator[None]:
    """Keep the broker told while the block runs; ConfigError when that cannot be done at all."""
    if config.broker is None:
        yield
        return
    try:
        from paceline_gateway.mqtt.publisher import Publisher  # noqa: PLC0415 (aiomqtt is an extra)
    except ImportError as error:
        raise ConfigError("mqtt.host", f"needs {error.name}: pip install 'paceline-gateway[mqtt]'") from error
    showing = Showing(spool, config.wearables, clock)

    async def shown() -> Mapping[bytes, Shown]:
        return await in_thread(showing.now, board.state())

    task = asyncio.create_task(Publisher(config.broker, config.wearables, shown, draw).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
