"""What strangers near the wearable learn, as its settings say: read from the air, by hosts of another make."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bumble.core import UUID
from bumble.gatt import Characteristic
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from firmware.phone import next_where, phone
from firmware.run_on_the_air import home_gateway, pass_s, runner, start_workout, within_s
from firmware.sensor_profiles import heart_rate, location
from paceline_protocol import gatt, messages, wrist_settings
from paceline_protocol.alias import is_alias
from paceline_protocol.integrity import crc16
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.wearable import VirtualWearable

HEART_RATE_MEASUREMENT, LOCATION_AND_SPEED = UUID.from_16_bits(0x2A37), UUID.from_16_bits(0x2A67)
BATTERY_LEVEL = UUID.from_16_bits(0x2A19)
INFO = UUID(gatt.INFO_UUID)


@pytest.fixture
async def wearable(link: RadioLink, tmp_path: Path) -> AsyncIterator[VirtualWearable]:
    async with runner(link, tmp_path) as worn:
        worn.set_speed(5)
        yield worn


async def put_flags(gateway: AirGateway, version: int, flags: int) -> None:
    """Send settings with one user of whom nothing is known."""
    head = struct.pack("<BBBBII", wrist_settings.FORMAT_VERSION, flags, 0, 1, 0, 0)
    blob = head.ljust(wrist_settings.user_at(1), b"\0")
    blob += struct.pack("<H", crc16(blob))
    fields = {"kind": 1, "version": version, "total": len(blob), "offset": 0, "data": blob}
    await gateway.ask(messages.PUT, **fields)
    kind, answer = await gateway.next()
    assert (kind, answer.offset) == (messages.PUT_OK, len(blob))


async def advertised() -> tuple[BLEDevice, str]:
    """Scan through the gateway's adapter and return the wearable and the name in its scan response."""
    seen = await BleakScanner.discover(timeout=0.7, return_adv=True, service_uuids=[gatt.SERVICE_UUID])
    ((device, data),) = seen.values()
    return device, data.local_name or ""


async def test_hidden_values_end_at_once_and_come_back(link: RadioLink, wearable: VirtualWearable) -> None:
    async with home_gateway(link) as gateway, phone(link, 1) as app:
        await app.discover()
        beats, places = await app.follow(HEART_RATE_MEASUREMENT), await app.follow(LOCATION_AND_SPEED)
        await start_workout(gateway)
        await next_where(places, location, lambda read: "latitude" in read)
        assert await app.read(BATTERY_LEVEL) == bytes((90,))
        await put_flags(gateway, 1, wrist_settings.HIDE_LIVE)
        await pass_s(wearable, 2)
        while not (beats.empty() and places.empty()):
            (beats if places.empty() else places).get_nowait()
        await pass_s(wearable, 10)
        assert beats.empty() and places.empty() and await app.read(BATTERY_LEVEL) == b""
        await put_flags(gateway, 2, 0)
        await next_where(beats, heart_rate, lambda read: True)
        await next_where(places, location, lambda read: True)
        assert await app.read(BATTERY_LEVEL) == bytes((90,))


async def test_while_values_are_hidden_phones_do_not_stay(link: RadioLink, wearable: VirtualWearable) -> None:
    async with home_gateway(link) as gateway:
        await put_flags(gateway, 1, wrist_settings.HIDE_LIVE)
        async with phone(link, 1) as app:
            assert await within_s(wearable, app.lost, 40)
        await gateway.ask(messages.GET_STATUS)
        assert (await gateway.next())[0] == messages.STATUS


async def test_two_connections_meet_no_value_again(link: RadioLink, wearable: VirtualWearable) -> None:
    seen = []
    for number in (1, 2):
        async with phone(link, number) as app:
            await app.discover()
            values = {}
            for service in app.peer.services:
                for characteristic in service.characteristics:
                    if characteristic.properties & Characteristic.Properties.READ:
                        values[characteristic.uuid] = bytes(await characteristic.read_value())
            alias = gatt.parse_info(values.pop(INFO)).alias
            assert is_alias(alias, DEVICE_KEY) and alias not in seen
            seen.append(alias)
            everything = b"".join(values.values()) + alias
            assert DEVICE_ID not in everything and DEVICE_ID.hex().encode() not in everything
    assert wearable.on


async def test_a_rotating_address_comes_with_a_name_that_all_have(link: RadioLink, wearable: VirtualWearable) -> None:
    async with home_gateway(link) as gateway:
        fixed, name = await advertised()
        assert name == "Paceline-0708" and fixed.address == wearable.identity.radio_address
        await put_flags(gateway, 1, wrist_settings.ROTATE_ADDRESS)
        await pass_s(wearable, 5)
        first, name = await advertised()
        assert name == "Paceline" and first.address != fixed.address
        assert int(first.address[:2], 16) >> 6 == 0b01, "a resolvable private address (Core vol 6 B, 1.3.2.2)"
        assert wearable.peripheral is not None
        await wearable.peripheral.renew_address()
        second, name = await advertised()
        assert name == "Paceline" and second.address not in (first.address, fixed.address)
        await gateway.ask(messages.GET_STATUS)
        assert (await gateway.next())[0] == messages.STATUS, "who is connected stays so"
    async with home_gateway(link) as gateway:
        assert gateway.status.settings_version == 1
        await put_flags(gateway, 2, 0)
        await pass_s(wearable, 5)
        back, name = await advertised()
        assert name == "Paceline-0708" and back.address == fixed.address
