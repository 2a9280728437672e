"""A wearable without any time gets one from a phone; from a gateway, it keeps that."""

import struct
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from bumble import att
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from firmware.phone import phone
from firmware.run_on_the_air import home_gateway, pass_s, runner
from paceline_protocol import messages
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.wearable import VirtualWearable

PHONE_UTC_S = 1_790_000_000
"""Not the world's time: what the clock has can only be from the phone."""
SUMMER_IN_NEW_YORK = struct.pack("bB", -20, 4)


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    """Indoors, and with an RTC that was never set, nothing on the board knows the time."""
    async with runner(link, tmp_path, outdoors=False) as worn:
        yield worn


class Clock:
    """A phone's Current Time Service (CTS 1.1); `asked` counts reads of the time."""

    def __init__(self, zone: bytes | None) -> None:
        self.asked = 0
        read, readable = Characteristic.Properties.READ, Characteristic.Permissions.READABLE
        now: CharacteristicValue[bytes] = CharacteristicValue(read=self._now)
        offered: list[Characteristic[bytes]] = [Characteristic(UUID.from_16_bits(0x2A2B), read, readable, now)]
        if zone is not None:
            offered.append(Characteristic(UUID.from_16_bits(0x2A0F), read, readable, zone))
        self.service = Service(UUID.from_16_bits(0x1805), offered)

    def _now(self, _connection: Connection) -> bytes:
        self.asked += 1
        local = datetime.fromtimestamp(PHONE_UTC_S, timezone(timedelta(hours=-4)))
        parts = (local.year, local.month, local.day, local.hour, local.minute, local.second, local.isoweekday())
        return struct.pack("<HBBBBBBBB", *parts, 0, 0)


class Locked(Clock):
    """As an iPhone: the time only for who is paired."""

    def _now(self, _connection: Connection) -> bytes:
        self.asked += 1
        raise att.ATT_Error(att.ErrorCode.INSUFFICIENT_AUTHENTICATION)


async def _utc_s(link: RadioLink, wearable: VirtualWearable) -> int:
    wearable.set_speed(5)
    async with home_gateway(link) as gateway:
        wearable.set_speed(20)
        return gateway.status.utc_s


async def test_a_phone_sets_a_clock_that_has_no_time(link: RadioLink, wearable: VirtualWearable) -> None:
    assert await _utc_s(link, wearable) == 0
    clock = Clock(SUMMER_IN_NEW_YORK)
    async with phone(link, 1, clock.service):
        await pass_s(wearable, 15)
    assert clock.asked == 1
    assert 0 <= await _utc_s(link, wearable) - PHONE_UTC_S < 120


@pytest.mark.parametrize("clock", [Clock(None), Clock(b"\x80\xff"), Locked(SUMMER_IN_NEW_YORK)])
async def test_without_zone_or_leave_there_is_no_time(link: RadioLink, wearable: VirtualWearable, clock: Clock) -> None:
    async with phone(link, 1, clock.service) as app:
        await pass_s(wearable, 15)
        assert not app.lost.is_set()
    assert await _utc_s(link, wearable) == 0


async def test_a_gateways_time_is_not_given_up_for_a_phones(link: RadioLink, wearable: VirtualWearable) -> None:
    wearable.set_speed(5)
    async with home_gateway(link) as gateway:
        wearable.set_speed(20)
        clock = Clock(SUMMER_IN_NEW_YORK)
        async with phone(link, 1, clock.service):
            await pass_s(wearable, 15)
            assert clock.asked == 1
            await gateway.ask(messages.SET_TIME, utc_ms=1_760_000_000_000)
            await pass_s(wearable, 1)
        async with phone(link, 2, Clock(SUMMER_IN_NEW_YORK).service):
            await pass_s(wearable, 15)
        await gateway.ask(messages.GET_STATUS)
        _kind, status = await gateway.next()
        assert 0 <= status.utc_s - 1_760_000_000 < 300
