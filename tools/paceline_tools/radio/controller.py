"""Bumble's virtual controller (0.0.236) with the faults that a real host notices put right, and paced data."""

import asyncio

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport

from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacer

_Features = hci.LeFeatureMask
_Reports = hci.HCI_LE_Advertising_Report_Event


class RadioController(Controller):
    """One device's radio on a RadioLink; put it under a Bumble Host or behind an HCI transport."""

    def __init__(
        self,
        name: str,
        link: RadioLink,
        host_source: object = None,
        host_sink: object = None,
        public_address: str | None = None,
    ) -> None:
        super().__init__(
            name,
            host_source=host_source,
            host_sink=host_sink,  # pyright: ignore[reportArgumentType]
            link=link,
            public_address=public_address,
        )
        self.radio_link = link
        # Linux waits for the Enhanced Connection Complete event of a controller that claims these and never sends it.
        self.le_features &= ~(
            _Features.LL_PRIVACY | _Features.LE_EXTENDED_ADVERTISING | _Features.LE_PERIODIC_ADVERTISING
        )
        self.le_acl_data_packet_length = 251
        self._pacers: dict[int, tuple[Connection, Pacer]] = {}

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Queue the host's data for the next connection event."""
        connection = self.find_connection_by_handle(packet.connection_handle)
        if connection is None:
            return
        held, pacer = self._pacers.get(connection.handle, (None, None))
        if held is not connection or pacer is None:
            pacer = Pacer(connection, self.radio_link.pacing, lambda: self._holds(connection))
            self._pacers[connection.handle] = (connection, pacer)
        pacer.put(packet)

    def on_link_acl_data(self, sender_address: hci.Address, transport: PhysicalTransport, data: bytes) -> None:
        """Hand data to the host; what arrives after the link was lost is dropped without a word."""
        if sender_address in self.le_connections:
            super().on_link_acl_data(sender_address, transport, data)

    def on_ll_control_pdu(self, sender_address: hci.Address, packet: ll.ControlPdu) -> None:
        """Act on a control unit; one of a lost link is dropped without a word."""
        if sender_address in self.le_connections:
            super().on_ll_control_pdu(sender_address, packet)

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """Report the lost connection once and drop what it had queued."""
        if not self._holds(connection):
            return
        _, pacer = self._pacers.pop(connection.handle, (None, None))
        if pacer is not None:
            pacer.drop()
        super().on_le_disconnected(connection, reason)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement and, on an active scan, the real scan response (Bumble repeats the advertisement)."""
        if self.le_scan_enable:
            self._report(_Reports.EventType.ADV_IND, pdu.advertiser_address, pdu.data or b"")
            response = self._scan_response(pdu.advertiser_address)
            if self.le_scan_type == 1 and response is not None:
                self._report(_Reports.EventType.SCAN_RSP, pdu.advertiser_address, response)
        pending = self.pending_le_connection
        if pending is not None and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def on_hci_le_create_connection_cancel_command(
        self,
        _command: hci.HCI_LE_Create_Connection_Cancel_Command,  # pyright: ignore[reportMissingTypeArgument]
    ) -> hci.HCI_StatusReturnParameters:
        """Cancel for real (Core 5.4, vol 4, E 7.8.13): Bumble leaves the attempt pending, so that timeouts hang."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        cancelled = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, cancelled)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def _holds(self, connection: Connection) -> bool:
        return self.le_connections.get(connection.peer_address) is connection

    def _scan_response(self, advertiser: hci.Address) -> bytes | None:
        for controller in self.radio_link.controllers:
            legacy = controller.le_legacy_advertiser
            if legacy.enabled and legacy.address == advertiser:
                return bytes(legacy.scan_response_data)
        return None

    def _report(self, event_type: int, address: hci.Address, data: bytes) -> None:
        report = _Reports.Report(
            event_type=event_type, address_type=address.address_type, address=address, data=data, rssi=-50
        )
        self.send_hci_packet(_Reports([report]))
