"""What the API of the households takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct, field

from paceline_server.platform.openapi.parameters import DeviceId, Utc, Uuid


class HouseholdName(Struct, forbid_unknown_fields=True):
    """What one's household is called."""

    name: Annotated[str, Meta(min_length=1, max_length=40, examples=["Home"])]


class HouseholdCode(Struct, forbid_unknown_fields=True):
    """An invitation that somebody was given."""

    invitation: Annotated[str, Meta(min_length=1, max_length=100)]


class SlotGift(Struct, forbid_unknown_fields=True):
    """To whom a slot is offered; null takes it back."""

    user_id: Uuid | None


class SlotAnswer(Struct, forbid_unknown_fields=True):
    """Whose wearable it is, and whether one wears the slot from now on."""

    host_id: Uuid
    accepted: bool


class PersonShown(Struct):
    """Somebody of a household."""

    user_id: Uuid
    username: str


class HouseholdShown(Struct):
    """A household that one is in; the host made it."""

    host_id: Uuid
    name: str
    people: list[PersonShown]


class WornShown(Struct):
    """A slot of another's wearable that is offered to one, or that one wears."""

    host_id: Uuid
    device_id: DeviceId
    slot: int
    since: Utc
    accepted: bool


class HouseholdsShown(Struct):
    """The households that one is in, one's own first, and the slots of others' wearables."""

    households: list[HouseholdShown]
    slots: list[WornShown]


class HouseholdInvitation(Struct):
    """A code for one person, shown only now."""

    invitation: str
    expires_at: Utc


class SlotShown(Struct):
    """A slot is somebody's from … until (null: still); offered only, until it is accepted."""

    slot: int
    user_id: Uuid
    from_: Utc = field(name="from")
    until: Utc | None
    accepted: bool


class SlotsShown(Struct):
    """Whose the slots of a wearable are and were; all others are the owner's."""

    slots: list[SlotShown]
