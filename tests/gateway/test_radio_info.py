"""What is read where INFO should be is told plainly, and is not taken for a stranger's alias."""

import asyncio

import pytest
from bumble import att
from bumble.core import AdvertisingData
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from paceline_gateway.errors import RadioError
from paceline_gateway.radio.connection import connect
from paceline_gateway.radio.scanner import Scanner, Sighting
from paceline_protocol.gatt import INFO_UUID, SERVICE_UUID, pack_info
from paceline_protocol.messages import LINK_VERSION
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED

LIMIT_S = 90


async def alias_of(value: bytes | CharacteristicValue[bytes]) -> bytes:
    """Let a device offer the value as INFO, and read it as the gateway does."""
    link = RadioLink(UNPACED)
    adapter, _ = make_device(link, "gateway", "C0:00:00:00:00:99")
    device, _ = make_device(link, "wearable", "F0:00:00:00:00:01")
    info = Characteristic(INFO_UUID, Characteristic.Properties.READ, att.Attribute.Permissions.READABLE, value)
    device.add_service(Service(SERVICE_UUID, [info]))
    uuid = bytes.fromhex(SERVICE_UUID.replace("-", ""))[::-1]
    device.advertising_data = bytes(
        AdvertisingData([(AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuid)])
    )
    await adapter.power_on()
    await device.power_on()
    uninstall = install(adapter)
    try:
        await device.start_advertising(advertising_interval_min=20, advertising_interval_max=20)
        async with asyncio.timeout(LIMIT_S):
            connection = await connect(await first_sighting())
            try:
                return await connection.alias()
            finally:
                await connection.close()
    finally:
        uninstall()
        link.cut_all()


async def first_sighting() -> Sighting:
    seen: asyncio.Queue[Sighting] = asyncio.Queue()
    scanner = Scanner(seen.put_nowait)
    await scanner.start()
    try:
        return await seen.get()
    finally:
        await scanner.stop()


async def test_an_info_is_read() -> None:
    assert await alias_of(pack_info(LINK_VERSION, bytes(range(8)))) == bytes(range(8))


@pytest.mark.parametrize(
    ("value", "said"),
    [(b"", "0 bytes"), (b"Paceline project", "begins with 80"), (pack_info(LINK_VERSION + 1, bytes(8)), "begins with")],
    ids=["nothing", "a text", "a later version"],
)
async def test_what_is_no_info_of_this_version_is_told(value: bytes, said: str) -> None:
    with pytest.raises(RadioError, match=f"no info of a wearable: .*{said}"):
        await alias_of(value)


async def test_an_info_that_may_not_be_read_is_told() -> None:
    def refuse(_connection: Connection | None) -> bytes:
        raise att.ATT_Error(att.ErrorCode.READ_NOT_PERMITTED)

    with pytest.raises(RadioError, match=r"no info of a wearable: .*Read Not Permitted"):
        await alias_of(CharacteristicValue(read=refuse))
