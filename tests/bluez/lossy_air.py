"""A virtual radio that drops notifications on their way, as the gap between BlueZ and a slow program does."""

import random

from bumble import controller, hci
from bumble.core import PhysicalTransport
from paceline_tools.radio.link import RadioLink

_ATT_CHANNEL, _NOTIFICATION = 4, 0x1B


class LossyAir(RadioLink):
    """Drops each notification with the chance `loss`; `dropped` counts them."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__()
        self.loss = 0.0
        self.dropped = 0
        self._dice = random.Random(seed)

    def connections(self) -> int:
        """Return how many connections there are."""
        return sum(len(controller.le_connections) for controller in self.controllers) // 2

    def send_acl_data(
        self,
        sender_controller: controller.Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        is_notification = int.from_bytes(data[2:4], "little") == _ATT_CHANNEL and data[4] == _NOTIFICATION
        if is_notification and self._dice.random() < self.loss:
            self.dropped += 1
            return
        super().send_acl_data(sender_controller, destination_address, transport, data)
