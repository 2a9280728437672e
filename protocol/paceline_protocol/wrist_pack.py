"""Makes the blobs that a wearable checks and reads (docs/WRIST.md). For gateways and servers only."""

import struct

from . import wrist_notices as notices
from . import wrist_plan as plan
from . import wrist_settings as settings
from .integrity import crc16
from .layout import Layout


def layout_of(name: str, fields: str) -> Layout:
    """Return the layout of a table of wrist_settings, wrist_plan or wrist_notices."""
    return Layout(name + " " + fields)


HEAD = layout_of("HEAD", settings.HEAD)
USER = layout_of("USER", settings.USER)
GOAL = layout_of("GOAL", settings.GOAL)
PLANS = layout_of("PLANS", plan.HEAD)
PLAN = layout_of("PLAN", plan.PLAN)
STEP = layout_of("STEP", plan.STEP)
NOTICES = layout_of("NOTICES", notices.HEAD)
NOTICE = layout_of("NOTICE", notices.NOTICE)
_NOTHING = ("", 0)


def pack_settings(
    users: "list[dict[str, object]]",
    flags: int = 0,
    zone_quarters: "int | None" = None,
    epoch: int = 0,
    position: int = 0,
) -> bytes:
    """Return a settings blob.

    A user is a dict of fields as docs/WRIST.md names them; those left out are 0, `pool_cm` 2500, and up to three dicts
    are under `goals`, where a `sport` left out means any. `epoch` and `position` say how much of the wearable's
    journal the goals' `done` counts. ValueError names what no wearable would take.
    """
    zone = 0 if zone_quarters is None else zone_quarters + settings.ZONE_UTC
    data = HEAD.pack((settings.FORMAT_VERSION, flags, zone, len(users), epoch, position))
    for user in users:
        fields = dict(user)
        goals = fields.pop("goals", ())
        data += _pack(USER, fields, ("pool_cm", settings.USUAL_POOL_CM))
        for i in range(max(settings.GOALS, len(goals))):  # type: ignore[arg-type]
            goal: dict[str, object] = goals[i] if i < len(goals) else {"sport": 0}  # type: ignore[arg-type,index]
            data += _pack(GOAL, goal, ("sport", settings.ANY_SPORT))
    data += struct.pack("<H", crc16(data))
    return _passed(data, settings.check(data))


def pack_plans(plans: "list[dict[str, object]]") -> bytes:
    """Return a plan blob; a plan is a dict of `user`, `sport`, `name` and the list `steps` of dicts of STEP's fields.

    A step with `times` N ends a block of itself and the `back` steps before it, which is done N times. ValueError
    names what no wearable would take.
    """
    data = PLANS.pack((plan.FORMAT_VERSION, len(plans)))
    for each in plans:
        fields = dict(each)
        steps: list[dict[str, object]] = fields["steps"]  # type: ignore[assignment]
        fields["steps"] = len(steps)
        data += _pack(PLAN, fields, _NOTHING)
        for step in steps:
            data += _pack(STEP, step, _NOTHING)
    data += struct.pack("<H", crc16(data))
    return _passed(data, plan.check(data))


def pack_notices(told: "list[dict[str, object]]") -> bytes:
    """Return a notices blob; a notice is a dict of NOTICE's fields, those of a slot in the order of their numbers.

    ValueError names what no wearable would take.
    """
    data = NOTICES.pack((notices.FORMAT_VERSION, len(told)))
    for each in told:
        data += _pack(NOTICE, each, _NOTHING)
    data += struct.pack("<H", crc16(data))
    return _passed(data, notices.check(data))


def _pack(layout: Layout, fields: "dict[str, object]", usual: "tuple[str, int]") -> bytes:
    unknown = [name for name in fields if name not in layout.names]
    if unknown:
        raise ValueError(f"{layout.name} has no {unknown}")
    values = []
    for name, form in layout.fields:
        if name in fields and form[-1] == "s":
            size = int(form[:-1])
            given = fields[name]
            text = given.encode() if isinstance(given, str) else bytes(given)  # type: ignore[call-overload]
            values.append(text + bytes(max(0, size - len(text))))
        elif form[-1] == "s":
            values.append(bytes(int(form[:-1])))
        else:
            values.append(fields.get(name, usual[1] if name == usual[0] else 0))
    return layout.pack(values)


def _passed(data: bytes, wrong: str) -> bytes:
    if wrong:
        raise ValueError(wrong)
    return data
