"""Keeps a broker told. Nothing waits for it: a broker that is away is tried again, and all is told anew then."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping

import aiomqtt

from paceline_gateway.backoff import backoff_s
from paceline_gateway.config import Broker, Wearable
from paceline_gateway.errors import ConfigError
from paceline_gateway.mqtt.home_assistant import (
    BIRTH_TOPIC,
    GATEWAY_TOPIC,
    OFFLINE,
    ONLINE,
    Shown,
    discovery,
    state_payload,
    state_topic,
)

TICK_S = 2.0
TIMEOUT_S = 10.0

log = logging.getLogger(__name__)


class Publisher:
    """Tells one broker of the wearables; `shown` gives what is to be told now."""

    def __init__(
        self,
        broker: Broker,
        wearables: Mapping[bytes, Wearable],
        shown: Callable[[], Awaitable[Mapping[bytes, Shown]]],
        draw: Callable[[], float],
    ) -> None:
        """Take the settings; ConfigError for a password or `ca_file` that cannot be used."""
        self._broker = broker
        self._wearables = wearables
        self._shown = shown
        self._draw = draw
        self._failures = 0
        self._said = ""
        broker.password()
        self._tls = _tls(broker)

    async def run(self) -> None:
        """Tell for ever: the top of its task; returns only by cancellation."""
        while True:
            _obey()
            try:
                await self._connected()
                problem = "the broker ended the connection"
            except (aiomqtt.MqttError, ConfigError, OSError, TimeoutError) as error:
                problem = str(error) or type(error).__name__
            except Exception:
                log.exception("telling the broker failed")
                problem = "see above"
            if problem != self._said:
                self._said = problem
                log.warning("mqtt: %s:%d: %s", self._broker.host, self._broker.port, problem)
            wait_s = backoff_s(self._failures, self._draw(), longest_s=60.0)
            self._failures += 1
            await asyncio.sleep(wait_s)

    async def _connected(self) -> None:
        async with aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.user,
            password=self._broker.password(),
            will=aiomqtt.Will(GATEWAY_TOPIC, OFFLINE, qos=1, retain=True),
            tls_context=self._tls,
            timeout=TIMEOUT_S,
            logger=log.getChild("client"),
        ) as client:
            log.info("mqtt: connected to %s:%d", self._broker.host, self._broker.port)
            self._failures, self._said = 0, ""
            born = asyncio.Event()
            born.set()
            await client.subscribe(BIRTH_TOPIC, qos=1)
            listening = asyncio.create_task(_listen(client, born))
            try:
                await self._tell(client, born, listening)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
                with contextlib.suppress(aiomqtt.MqttError):
                    await client.publish(GATEWAY_TOPIC, OFFLINE, qos=1, retain=True)

    async def _tell(self, client: aiomqtt.Client, born: asyncio.Event, listening: "asyncio.Task[None]") -> None:
        """Tell all when Home Assistant was born, and then what has changed, until the connection ends."""
        told: dict[str, str] = {}
        while not listening.done():
            _obey()
            if born.is_set():
                born.clear()
                told.clear()
                for device_id, wearable in self._wearables.items():
                    await _publish(client, discovery(device_id, wearable.name))
                await _publish(client, {GATEWAY_TOPIC: ONLINE})
            shown = await self._shown()
            news = {state_topic(device_id): state_payload(one) for device_id, one in shown.items()}
            await _publish(client, {topic: text for topic, text in news.items() if told.get(topic) != text})
            told |= news
            await asyncio.wait([listening], timeout=TICK_S)
        await listening


def _obey() -> None:
    """Raise the cancellation that was lost on its way: aiomqtt awaits by asyncio.wait_for, which in Python 3.11 drops
    one that comes in the same turn as the answer.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _listen(client: aiomqtt.Client, born: asyncio.Event) -> None:
    async for message in client.messages:
        if message.payload == ONLINE.encode():
            born.set()


async def _publish(client: aiomqtt.Client, payloads: Mapping[str, str]) -> None:
    for topic, payload in payloads.items():
        await client.publish(topic, payload, qos=1, retain=True)


def _tls(broker: Broker) -> ssl.SSLContext | None:
    if broker.ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=broker.ca_file)
    except ssl.SSLError as error:
        raise ConfigError(str(broker.ca_file), "holds no certificate in PEM form") from error
    except OSError as error:
        raise ConfigError(str(broker.ca_file), f"cannot be read: {error.strerror}") from error
