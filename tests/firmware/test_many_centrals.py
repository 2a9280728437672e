"""Phones and gateways at once: everybody is served, and no crowd of phones keeps a gateway away."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from bumble.core import UUID
from firmware.phone import next_where, phone
from firmware.run_on_the_air import home_gateway, pass_s, runner, start_workout, within_s
from firmware.sensor_profiles import heart_rate, location
from paceline_protocol import messages
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.wearable import VirtualWearable

HEART_RATE_MEASUREMENT = UUID.from_16_bits(0x2A37)
LOCATION_AND_SPEED = UUID.from_16_bits(0x2A67)


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    async with runner(link, tmp_path) as worn:
        yield worn


async def test_two_phones_and_a_gateway_are_all_served(link: RadioLink, wearable: VirtualWearable) -> None:
    wearable.set_speed(5)  # the radio's time is real: a gateway must not seem slow
    async with phone(link, 1) as first, phone(link, 2) as second, home_gateway(link) as gateway:
        wearable.set_speed(20)
        followed = []
        for app in (first, second):
            await app.discover()
            followed.append(await app.follow(LOCATION_AND_SPEED))
        await start_workout(gateway)
        await gateway.ask(messages.READ, epoch=gateway.status.epoch, position=0, credits=60_000)
        journal = await gateway.read_until(lambda data: len(data) > gateway.status.end + 20)
        for places in followed:
            await next_where(places, location, lambda read: "latitude" in read)
        await pass_s(wearable, 40)
        assert not first.lost.is_set() and not second.lost.is_set()
    assert journal == wearable.flash_path.read_bytes()[: len(journal)]


async def test_the_last_of_a_crowd_makes_room_and_the_others_stay(link: RadioLink, wearable: VirtualWearable) -> None:
    async with AsyncExitStack() as crowd:
        phones = [await crowd.enter_async_context(phone(link, number)) for number in (1, 2, 3)]
        await phones[0].discover()
        beats = await phones[0].follow(HEART_RATE_MEASUREMENT)
        assert await within_s(wearable, phones[2].lost, 40), "three that prove nothing hold every place"
        assert not phones[0].lost.is_set() and not phones[1].lost.is_set()
        wearable.set_speed(5)  # the radio's time is real: a gateway must not seem slow
        async with home_gateway(link) as gateway:
            wearable.set_speed(20)
            await gateway.ask(messages.GET_STATUS)
            kind, _fields = await gateway.next()
            assert kind == messages.STATUS
            await pass_s(wearable, 40)
            assert not phones[0].lost.is_set() and not phones[1].lost.is_set()
        await next_where(beats, heart_rate, lambda read: read["bpm"] > 0)
