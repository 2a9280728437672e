"""What a route of the API takes and gives: said once, beside its handler, for decoder, document and tests."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from msgspec import Struct

Shape = Any  # a type that msgspec knows: a Struct, or list[Struct]
Answer = web.StreamResponse | Struct
Run = Callable[..., Awaitable[Answer]]

BODY_LIMIT = 64 << 10
_TAKEN = ("query", "body")


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is not JSON: its media type, and what it is, in a sentence."""

    media_type: str
    what: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form (application/x-www-form-urlencoded) that the handler reads itself, as its errors have their own shape."""

    shape: type[Struct]


@dataclass(frozen=True, slots=True)
class Contract:
    """What a route takes and gives.

    `answers` is status → shape, None for no body; `refuses` are the statuses of problem details beyond those that
    follow from rule, query and body; `at_most` bounds the body in bytes, unpacked; `tagged` says that a GET has an ETag
    and knows If-None-Match, an edit knows If-Match.
    """

    status: int
    answers: Mapping[int, Shape | Raw | None]
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    sends: Raw | Form | None = None
    refuses: tuple[int, ...] = ()
    at_most: int = BODY_LIMIT
    tagged: bool = False


@dataclass(frozen=True, slots=True)
class TypedHandler:
    """A handler and its contract."""

    run: Run
    contract: Contract
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.run.__name__)

    @property
    def domain(self) -> str:
        """The folder that the handler is in."""
        return self.run.__module__.split(".")[1]

    @property
    def said(self) -> tuple[str, str]:
        """The first line of the handler's docstring, and the rest."""
        first, _, rest = inspect.cleandoc(self.run.__doc__ or "").partition("\n")
        return first, rest.strip()


def gives(
    status: int,
    shape: Shape | Raw | None = None,
    *,
    also: Mapping[int, Shape | Raw | None] | None = None,
    refuses: tuple[int, ...] = (),
    sends: Raw | Form | None = None,
    at_most: int = BODY_LIMIT,
    tagged: bool = False,
) -> Callable[[Run], TypedHandler]:
    """Say what a handler answers; what it takes is said by its parameters `query` and `body`, which are Structs.

    The handler gives a Struct, which is answered as JSON with `status`, or makes the answer itself. `also` are further
    answers, or shapes that stand in place of problem details; `sends` is a body that the handler reads itself.
    """

    def typed(run: Run) -> TypedHandler:
        parameters = list(inspect.signature(run).parameters.values())[1:]
        taken = {parameter.name: parameter.annotation for parameter in parameters}
        if strange := taken.keys() - set(_TAKEN):
            raise TypeError(f"{run.__module__}.{run.__name__} takes {sorted(strange)}: only query and body are known")
        answers = {status: shape} | dict(also or {})
        contract = Contract(status, answers, sends=sends, refuses=refuses, at_most=at_most, tagged=tagged, **taken)
        return TypedHandler(run, contract)

    return typed
