"""GATT for bleak's client: what a peer offers as bleak's objects, and Bumble's errors in bleak's words."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bleak.backends.characteristic import BleakGATTCharacteristic, GattCharacteristicsFlags
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.device import Peer

from paceline_tools.radio.bleak_scanner import uuid_string

_Result = TypeVar("_Result")


async def gatt_operation(operation: Awaitable[_Result]) -> _Result:
    """Run one GATT operation with its errors in bleak's words."""
    try:
        return await operation
    except asyncio.CancelledError as error:
        # Bumble cancels what waits for an answer when the link is lost; that is not this task being cancelled.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BleakError("disconnected") from error
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(int(error.error_code)) from error
    except (core.BaseBumbleError, hci.HCI_Error) as error:
        raise BleakError(f"{type(error).__name__}: {error}") from error


async def discovered(
    peer: Peer, wanted: set[str] | None, longest_write: Callable[[], int]
) -> BleakGATTServiceCollection:
    """Discover a peer's services (those `wanted`, or all) with their characteristics and descriptors."""
    await gatt_operation(peer.discover_services())
    collection = BleakGATTServiceCollection()
    for found in peer.services:
        if wanted and uuid_string(found.uuid) not in wanted:
            continue
        service = BleakGATTService(found, found.handle, uuid_string(found.uuid))
        collection.add_service(service)
        for item in await gatt_operation(found.discover_characteristics()):
            # bleak numbers a characteristic by its declaration, Bumble by its value, the handle behind it.
            characteristic = BleakGATTCharacteristic(
                item, item.handle - 1, uuid_string(item.uuid), _flags(item.properties), longest_write, service
            )
            collection.add_characteristic(characteristic)
            for descriptor in await gatt_operation(item.discover_descriptors()):
                uuid = uuid_string(descriptor.type)
                collection.add_descriptor(BleakGATTDescriptor(descriptor, descriptor.handle, uuid, characteristic))
    return collection


def _flags(properties: int) -> list[Any]:
    return [flag.name.replace("_", "-") for flag in GattCharacteristicsFlags if flag.value & properties]
