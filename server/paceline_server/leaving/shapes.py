"""What the API of leaving takes."""

from typing import Annotated

from msgspec import Meta, Struct


class Farewell(Struct, forbid_unknown_fields=True):
    """The password, once more."""

    password: Annotated[str, Meta(min_length=1, max_length=1000)]
