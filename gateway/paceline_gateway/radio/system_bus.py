"""The one question that is asked over the system's D-Bus. Linux only: elsewhere the library is not installed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.constants import BusType
from dbus_fast.errors import DBusError
from dbus_fast.message import Message

ANSWER_S = 5.0
_BROKEN = (OSError, EOFError, ValueError, DBusError, TimeoutError)


Objects = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Path → interface → property → Variant."""


async def bluez_objects() -> tuple[Objects, str, str]:
    """Return BlueZ's objects, "" and ""; when it does not answer none, one of no_bus, denied, absent, and why."""
    try:
        async with asyncio.timeout(ANSWER_S):
            bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    except _BROKEN as error:
        return {}, "no_bus", str(error) or type(error).__name__
    question = Message(
        destination="org.bluez",
        path="/",
        interface="org.freedesktop.DBus.ObjectManager",
        member="GetManagedObjects",
    )
    try:
        async with asyncio.timeout(ANSWER_S):
            reply = await bus.call(question)
    except _BROKEN as error:
        return {}, "absent", str(error) or type(error).__name__
    finally:
        bus.disconnect()
    refusal = "no answer" if reply is None else reply.error_name
    if reply is None or refusal:
        return {}, "denied" if refusal and refusal.endswith(".AccessDenied") else "absent", refusal or ""
    return reply.body[0], "", ""
