"""The GATT services that a firmware registered, on Bumble's server; accesses of centrals become its interrupts."""

from typing import Any, Protocol

from bumble import att
from bumble.core import UUID
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Descriptor, Service

from paceline_tools.virtual.attribute import Attribute, permissions

_EINVAL, _EALREADY = 22, 114
_WRITE, _READ_REQUEST = 3, 4


class Interrupts(Protocol):
    """Where events go: the cable to the board."""

    def interrupt(self, event: int, arguments: list[Any]) -> None:
        """Raise an event."""
        ...

    async def ask(self, event: int, arguments: list[Any]) -> Any:
        """Raise an event and wait for the handler's result."""
        ...


class GattTable:
    """Attributes by value handle; OSError carries the number the firmware sees."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._attributes: dict[int, Attribute] = {}

    def register(self, device: Device, services: list[Any]) -> list[list[int]]:
        """Put the services (uuid, [[uuid, flags, descriptors]]) on the device, once; give each one's handles."""
        if self._attributes:
            raise OSError(_EALREADY, "services are registered once")
        return [self._register(device, uuid, characteristics) for uuid, characteristics in services]

    def attribute(self, handle: int) -> Attribute:
        """The attribute of a handle; OSError(EINVAL) when there is none."""
        attribute = self._attributes.get(handle)
        if attribute is None:
            raise OSError(_EINVAL, f"no attribute {handle}")
        return attribute

    def characteristic(self, handle: int) -> Characteristic[bytes]:
        """The characteristic of a value handle; OSError(EINVAL) when it is none."""
        characteristic = self.attribute(handle).characteristic
        if characteristic is None:
            raise OSError(_EINVAL, f"{handle} is no characteristic")
        return characteristic

    def _register(self, device: Device, uuid: str, characteristics: list[Any]) -> list[int]:
        made = [self._make(*characteristic) for characteristic in characteristics]
        device.add_service(Service(_uuid(uuid), [characteristic for characteristic, _, _ in made]))
        handles: list[int] = []
        for characteristic, attribute, descriptors in made:
            attribute.handle = characteristic.handle
            self._attributes[characteristic.handle] = attribute
            handles.append(characteristic.handle)
            for descriptor in descriptors:
                self._attributes[descriptor.handle] = Attribute.of_descriptor(descriptor)
                handles.append(descriptor.handle)
        return handles

    def _make(
        self, uuid: str, flags: int, described: list[Any]
    ) -> tuple[Characteristic[bytes], Attribute, list[Descriptor]]:
        attribute = Attribute()
        value = CharacteristicValue(read=self._reader(attribute), write=self._writer(attribute))
        descriptors = [Descriptor(_uuid(text), permissions(bits), b"") for text, bits in described]
        properties = Characteristic.Properties(flags & 0xFF)
        characteristic = Characteristic(_uuid(uuid), properties, permissions(flags), value, descriptors)
        attribute.characteristic = characteristic
        return characteristic, attribute, descriptors

    def _reader(self, attribute: Attribute) -> Any:
        async def read(connection: Connection) -> bytes:
            refused = await self._interrupts.ask(_READ_REQUEST, [connection.handle, attribute.handle])
            if refused:
                raise att.ATT_Error(att.ErrorCode(int(refused)))
            return attribute.value

        return read

    def _writer(self, attribute: Attribute) -> Any:
        def write(connection: Connection, value: bytes) -> None:
            attribute.written(value)
            self._interrupts.interrupt(_WRITE, [connection.handle, attribute.handle, bytes(value)])

        return write


def _uuid(digits: str) -> UUID:
    if len(digits) == 4:
        return UUID(digits)
    return UUID("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))
