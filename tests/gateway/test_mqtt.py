"""Home Assistant by MQTT, against a real broker: what is told, by whom it is heard, and all the ways it breaks."""

import asyncio
import gc
import json
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from gateway.authority import Authority
from gateway.broker import Listener, Mosquitto, listening
from gateway.on_the_air import Start, config, id_of, key_of, running
from gateway.publish_for_ever import DEVICE_ID, shown
from gateway.stand_in import EPOCH, Wearable
from paceline_gateway.config import Broker
from paceline_gateway.config import Wearable as Settings
from paceline_gateway.mqtt.home_assistant import GATEWAY_TOPIC, Shown, discovery, state_topic
from paceline_gateway.mqtt.publisher import Publisher
from paceline_protocol.records import DAY
from server.journal_builder import JournalBuilder, run_samples

from gateway import publish_for_ever

STATE = state_topic(id_of(0))


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    mosquitto = Mosquitto(tmp_path / "mosquitto")
    await mosquitto.start()
    yield mosquitto
    await mosquitto.stop()


@asynccontextmanager
async def publishing(broker: Broker) -> AsyncIterator[None]:
    wearables = {DEVICE_ID: Settings(DEVICE_ID, bytes(32), "Ann")}
    task = asyncio.create_task(Publisher(broker, wearables, shown, lambda: 0.0).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def online(said: dict[str, str]) -> bool:
    return said.get(GATEWAY_TOPIC) == "online" and state_topic(DEVICE_ID) in said


async def test_a_running_gateway_tells_battery_sync_steps_and_the_live_heart_rate(
    tmp_path: Path, wear: Start, broker: Mosquitto
) -> None:
    builder = JournalBuilder(key_of(0), EPOCH)
    builder.boot()
    builder.clock(5, int(time.time()) - 100)
    builder.record(DAY, 60, int(time.time()), 1234, 40, 55, 0, 15, 10, 15)
    builder.start(70)
    builder.samples(run_samples(500, t_s=70))
    wearable = Wearable(builder.data, key_of(0), id_of(0))
    wearable.recording = 1
    radio = await wear(wearable)
    settings = replace(config(tmp_path, [0]), broker=Broker("127.0.0.1", broker.port))

    def told(listener: Listener) -> dict[str, Any]:
        return json.loads(listener.said.get(STATE, "{}"))

    async with listening(broker.port) as listener:
        async with running(settings):
            await listener.until(lambda _: told(listener).get("steps_today") == 1234)
            before = len(builder.data)
            builder.samples(run_samples(100, t_s=570))
            radio.grow(builder.data[before:])
            await listener.until(lambda _: told(listener).get("heart_rate_bpm") is not None)
            state = told(listener)
            assert state["battery_percent"] == 80
            assert 40 < state["heart_rate_bpm"] < 220 and str(state["last_sync"]).endswith("+00:00")
            assert listener.said[GATEWAY_TOPIC] == "online"
        await listener.until(lambda said: said[GATEWAY_TOPIC] == "offline")
    expected = discovery(id_of(0), "W0")
    assert {topic: text for topic, text in listener.said.items() if topic.startswith("homeassistant/")} == expected


async def test_who_comes_later_finds_all_and_home_assistants_birth_is_answered(broker: Mosquitto) -> None:
    async with publishing(Broker("127.0.0.1", broker.port)):
        async with listening(broker.port) as first:
            await first.until(online)
        async with listening(broker.port) as later:
            await later.until(lambda said: online(said) and discovery(DEVICE_ID, "Ann").items() <= said.items())
            later.said.clear()
            await later.client.publish("homeassistant/status", "online")
            await later.until(lambda said: online(said) and discovery(DEVICE_ID, "Ann").items() <= said.items())
            count = later.count
            await asyncio.sleep(2.5)
            assert later.count == count, "what has not changed is not told again"


async def test_a_broker_that_comes_late_or_again_is_told_all(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broker = Mosquitto(tmp_path / "mosquitto")
    async with publishing(Broker("127.0.0.1", broker.port)):
        for _ in range(2):
            await asyncio.sleep(0.6)
            await broker.start()
            async with listening(broker.port) as listener:
                await listener.until(online)
            await broker.stop()
    assert 1 <= len([record for record in caplog.records if record.levelname == "WARNING"]) <= 4


async def test_it_ends_though_a_library_drops_its_cancellation(broker: Mosquitto) -> None:
    dropped = asyncio.Event()

    async def shown_by_force() -> dict[bytes, Shown]:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:  # as asyncio.wait_for does when the answer comes in the same turn
            dropped.set()
        return {}

    publisher = Publisher(Broker("127.0.0.1", broker.port), {}, shown_by_force, lambda: 0.0)
    task = asyncio.create_task(publisher.run())
    async with listening(broker.port) as listener:
        await listener.until(lambda said: said.get(GATEWAY_TOPIC) == "online")
        task.cancel()
        await listener.until(lambda said: said[GATEWAY_TOPIC] == "offline")
    assert dropped.is_set() and await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_a_gateway_that_is_killed_is_offline_by_its_will(broker: Mosquitto) -> None:
    async with listening(broker.port) as listener:
        command = [sys.executable, publish_for_ever.__file__, str(broker.port)]
        process = await asyncio.to_thread(subprocess.Popen, command)
        try:
            await listener.until(online)
        finally:
            process.kill()
            await asyncio.to_thread(process.wait)
        await listener.until(lambda said: said[GATEWAY_TOPIC] == "offline")


# paho leaves the socket of a TLS greeting that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_over_tls_with_a_password_and_not_to_another_broker(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority = Authority(tmp_path / "authority")
    authority.server()
    broker = Mosquitto(tmp_path / "mosquitto")
    broker.secure("ann", "secret-word", tmp_path / "authority" / "server.pem")
    password = tmp_path / "password"
    password.write_text("secret-word")
    password.chmod(0o600)
    settings = Broker("127.0.0.1", broker.port, "ann", password, authority.file)
    await broker.start()
    try:
        async with publishing(settings):
            context = ssl.create_default_context(cafile=authority.file)
            async with aiomqtt.Client(
                "127.0.0.1", broker.port, username="ann", password="secret-word", tls_context=context
            ) as client:
                await client.subscribe(GATEWAY_TOPIC, qos=1)
                async with asyncio.timeout(20):
                    while (await anext(aiter(client.messages))).payload != b"online":
                        continue
        assert [record for record in caplog.records if record.levelname not in ("DEBUG", "INFO")] == []
        stranger = Authority(tmp_path / "stranger", "Stranger")
        async with publishing(replace(settings, ca_file=stranger.file)):
            await until_told(caplog, "certificate")
        password.write_text("another-word")
        async with publishing(settings):
            await until_told(caplog, "ot authori")
        assert "-word" not in caplog.text
        gc.collect()
    finally:
        await broker.stop()


async def until_told(caplog: pytest.LogCaptureFixture, word: str) -> None:
    for _ in range(400):
        if word in caplog.text:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{word} was not told: {caplog.text}")
