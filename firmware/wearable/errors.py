"""Errors of the firmware beside the protocol's."""


class NotProvisioned(Exception):
    """The board has no identity yet; `name` is the missing entry of its NVS."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not in the NVS: provision the board first")
        self.name = name


class Refused(Exception):
    """The wearable cannot do now what it was told; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
