"""Bumble devices (host stacks) on the virtual radio: in this process, or on a hub in another one."""

from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.host import Host
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink, Transport

from paceline_tools.radio.controller import RadioController
from paceline_tools.radio.link import RadioLink


def _configuration(name: str, address: str) -> DeviceConfiguration:
    return DeviceConfiguration(name=name, address=Address(address), le_enabled=True, classic_enabled=False)


def make_device(link: RadioLink, name: str, address: str) -> tuple[Device, RadioController]:
    """A device with its own controller on `link`, not yet powered on. `address` is a random static one (`F0:…`)."""
    controller = RadioController(name, link)
    host = Host(controller, AsyncPipeSink(controller))
    return Device(host=host, config=_configuration(name, address)), controller


async def attach_device(hci_address: str, name: str, address: str) -> tuple[Device, Transport]:
    """A device whose controller lies behind `hci_address` (`unix:PATH` or `tcp-client:HOST:PORT`), powered on.

    Closing the transport, or the death of this process, ends its links as a supervision timeout would.
    """
    transport = await open_transport(hci_address)
    device = Device(
        host=Host(transport.source, transport.sink),
        config=_configuration(name, address),
    )
    await device.power_on()
    return device, transport
