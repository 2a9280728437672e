"""A Bumble peripheral with one readable, one writable and one notifying characteristic, for the radio's own tests."""

from bumble import att
from bumble.core import AdvertisingData
from bumble.gatt import Characteristic, CharacteristicValue, Service
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
READ = "6e400004-b5a3-f393-e0a9-e50e24dcca9e"
ADDRESS = "F0:F1:F2:F3:F4:F5"


class Peer:
    """The peripheral; `written` holds what it was given."""

    def __init__(self, link: RadioLink, address: str = ADDRESS) -> None:
        self.written: list[bytes] = []
        self.device, self.controller = make_device(link, "peer", address)
        writable = att.Attribute.Permissions.WRITEABLE
        readable = att.Attribute.Permissions.READABLE
        flags = Characteristic.Properties
        self.notifying = Characteristic(NOTIFY, flags.NOTIFY, readable, b"")
        accept: CharacteristicValue[bytes] = CharacteristicValue(
            write=lambda _connection, value: self.written.append(bytes(value))
        )
        write_flags = flags.WRITE | flags.WRITE_WITHOUT_RESPONSE
        characteristics = [
            self.notifying,
            Characteristic(WRITE, write_flags, writable, accept),
            Characteristic(READ, flags.READ, readable, b"to be read"),
        ]
        self.device.add_service(Service(SERVICE, characteristics))
        self.device.gatt_server.max_mtu = 247

    async def start(self) -> None:
        """Power on and advertise; the name travels in the scan response."""
        await self.device.power_on()
        kind = AdvertisingData.Type
        uuid = bytes.fromhex(SERVICE.replace("-", ""))[::-1]
        flags = AdvertisingData([(kind.FLAGS, bytes([6])), (kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuid)])
        self.device.advertising_data = bytes(flags)
        self.device.scan_response_data = bytes(AdvertisingData([(kind.COMPLETE_LOCAL_NAME, b"peer")]))
        await self.device.start_advertising(advertising_interval_min=20, advertising_interval_max=20, auto_restart=True)

    async def notify(self, value: bytes) -> None:
        """Notify every subscriber, waiting for room on the link."""
        await self.device.notify_subscribers(self.notifying, value)
