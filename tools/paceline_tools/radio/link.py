"""The air between virtual controllers: Bumble's LocalLink with its addressing put right, paced and with faults."""

import asyncio

from bumble import controller as bumble_controller
from bumble import hci, ll
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

from paceline_tools.radio.faults import Faults
from paceline_tools.radio.pacing import Pacing


class RadioLink(LocalLink):
    """All controllers that hear each other. `pacing` holds for connections made from now on."""

    def __init__(self, pacing: Pacing | None = None, faults: Faults | None = None) -> None:
        super().__init__()
        self.pacing = pacing or Pacing()
        self.faults = faults or Faults()

    def send_acl_data(
        self,
        sender_controller: bumble_controller.Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Deliver one L2CAP unit, or cut the link that it travels on."""
        # Bumble names the sender by its random address always; a host on its public address would lose all data.
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None:
            return
        if self.faults.cuts_link():
            self.cut(connection)
            return
        asyncio.get_running_loop().call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)

    def send_advertising_pdu(self, sender_controller: bumble_controller.Controller, packet: ll.AdvertisingPdu) -> None:
        """Tell every other controller, unless it misses the advertisement; connection requests are never lost."""
        loop = asyncio.get_running_loop()
        may_be_lost = not isinstance(packet, ll.ConnectInd)
        for controller in self.controllers:
            if controller is sender_controller or (may_be_lost and self.faults.loses_advertisement()):
                continue
            loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Deliver a control unit; one to a device that has just gone is lost, as on the air."""
        if self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def cut(self, connection: bumble_controller.Connection) -> None:
        """Both ends lose this connection by supervision timeout."""
        peer = self.find_le_controller(connection.peer_address)
        ends = [(connection.controller, connection.peer_address)]
        if peer is not None:
            ends.append((peer, connection.self_address))
        for controller, address in ends:
            held = controller.le_connections.get(address)
            if held is not None:
                controller.on_le_disconnected(held, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def cut_all(self) -> None:
        """Every connection on this link is lost by supervision timeout."""
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                self.cut(connection)

    def leave(self, controller: bumble_controller.Controller) -> None:
        """A device that lost its power: it advertises no more, its peers see a supervision timeout."""
        controller.le_legacy_advertiser.stop()
        for advertising_set in controller.advertising_sets.values():
            advertising_set.stop()
        for connection in list(controller.le_connections.values()):
            self.cut(connection)
        self.controllers.discard(controller)
