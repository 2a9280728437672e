"""The live values of a run on the air, as an independent client reads them; a gateway reads the journal meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from bumble.core import UUID
from bumble.profiles.battery_service import BatteryServiceProxy
from bumble.profiles.device_information_service import DeviceInformationServiceProxy
from bumble.profiles.heart_rate_service import HeartRateServiceProxy
from firmware.air_gateway import AirGateway
from firmware.phone import Values, next_where, phone
from firmware.run_on_the_air import (
    CADENCE_SPM,
    EAST_E7,
    HEART_RATE_BPM,
    LATITUDE_E7,
    LONGITUDE_E7,
    NORTH_E7,
    TRACK_UTC_S,
    home_gateway,
    pass_s,
    runner,
    start_workout,
)
from firmware.sensor_profiles import heart_rate, location, running
from paceline_protocol import messages
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.wearable import VirtualWearable

RSC_MEASUREMENT, RSC_FEATURE = UUID.from_16_bits(0x2A53), UUID.from_16_bits(0x2A54)
LOCATION_AND_SPEED, LOCATION_FEATURE = UUID.from_16_bits(0x2A67), UUID.from_16_bits(0x2A6A)
HEART_RATE_MEASUREMENT = UUID.from_16_bits(0x2A37)


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    async with runner(link, tmp_path) as worn:
        yield worn


@pytest.fixture
async def gateway(link: RadioLink, wearable: VirtualWearable) -> AsyncIterator[AirGateway]:
    assert wearable.on
    async with home_gateway(link) as connected:
        yield connected


async def test_a_phone_follows_a_run_that_a_gateway_reads(
    link: RadioLink, wearable: VirtualWearable, gateway: AirGateway
) -> None:
    await start_workout(gateway)
    await gateway.ask(messages.READ, epoch=gateway.status.epoch, position=0, credits=60_000)
    async with phone(link, 1) as app:
        await app.discover()
        assert await app.read(RSC_FEATURE) == b"\x07\x00"
        assert await app.read(LOCATION_FEATURE) == b"\x4f\x00\x00\x00"
        steps, places = await app.follow(RSC_MEASUREMENT), await app.follow(LOCATION_AND_SPEED)
        pace = await next_where(steps, running, lambda read: read["strides_per_minute"] > 0 and read["speed_m_s"] > 0)
        assert abs(pace["speed_m_s"] - 3) < 0.02 and abs(pace["strides_per_minute"] - CADENCE_SPM / 2) <= 2
        assert pace["running"] is True and abs(pace["stride_m"] - 3 * 60 / pace["strides_per_minute"]) < 0.05
        moment = await next_where(places, location, lambda read: "utc" in read and "latitude" in read)
        _assert_on_the_track(moment)
        place = await next_where(places, location, lambda read: "elevation_m" in read and read["distance_m"] > 30)
        assert place["elevation_m"] == 45 and place["position"] == "ok" and abs(place["speed_m_s"] - 3) < 0.02
        assert app.connection.att_mtu == 23, "nobody asked for more, so that nothing may have been cut"
        journal = await gateway.read_until(lambda data: len(data) > gateway.status.end + 20)
    assert journal == wearable.flash_path.read_bytes()[: len(journal)]


def _assert_on_the_track(moment: Values) -> None:
    year, month, day, hour, minute, second = moment["utc"]
    utc_s = np.datetime64(f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}").astype("M8[s]").astype(int)
    row = int(utc_s) - TRACK_UTC_S
    # A place may be one second older than the clock that it is told with.
    assert abs(moment["latitude"] * 1e7 - (LATITUDE_E7 + row * NORTH_E7)) < 2 * abs(NORTH_E7)
    assert abs(moment["longitude"] * 1e7 - (LONGITUDE_E7 + row * EAST_E7)) < 2 * abs(EAST_E7)


async def test_other_makers_profiles_read_heart_rate_battery_and_device(
    link: RadioLink, wearable: VirtualWearable
) -> None:
    assert wearable.on
    async with phone(link, 1) as app:
        await app.discover()
        heart = app.peer.create_service_proxy(HeartRateServiceProxy)
        battery = app.peer.create_service_proxy(BatteryServiceProxy)
        information = app.peer.create_service_proxy(DeviceInformationServiceProxy)
        assert heart and heart.body_sensor_location and battery and information
        assert (await heart.body_sensor_location.read_value()).name == "WRIST"
        assert await battery.battery_level.read_value() == 90
        assert information.firmware_revision and information.serial_number is None
        assert await information.firmware_revision.read_value() == "0.1.0"
        beats = await app.follow(HEART_RATE_MEASUREMENT)
        measured = await next_where(beats, heart_rate, lambda read: read["bpm"] > 0)
        assert measured["contact"] is True and abs(measured["bpm"] - HEART_RATE_BPM) <= 4


async def test_no_way_is_told_without_a_workout_and_no_steps_on_a_ride(
    link: RadioLink, gateway: AirGateway, wearable: VirtualWearable
) -> None:
    async with phone(link, 1) as app:
        await app.discover()
        steps, places = await app.follow(RSC_MEASUREMENT), await app.follow(LOCATION_AND_SPEED)
        await pass_s(wearable, 20)
        assert steps.empty() and places.empty()
        await start_workout(gateway, sport=4)
        await next_where(places, location, lambda read: read.get("speed_m_s", 0) > 0)
        await pass_s(wearable, 5)
        assert steps.empty(), "a wrist on the handlebar has no cadence"
