# pyright: reportAttributeAccessIssue=false, reportMissingParameterType=false
# pyright: reportArgumentType=false, reportCallIssue=false
"""A tiny firmware for the tests of the board's `bluetooth`; runs as main.py on MicroPython."""

import asyncio
import struct

import bluetooth

_SERVICE = bluetooth.UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
_WRITE = (
    bluetooth.UUID("6e400002-b5a3-f393-e0a9-e50e24dcca9e"),
    bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE,
)
_NOTIFY = (bluetooth.UUID("6e400003-b5a3-f393-e0a9-e50e24dcca9e"), bluetooth.FLAG_READ | bluetooth.FLAG_NOTIFY)
_SMALL = (bluetooth.UUID("6e400004-b5a3-f393-e0a9-e50e24dcca9e"), bluetooth.FLAG_READ | bluetooth.FLAG_WRITE)

ble = bluetooth.BLE()
mtus = {}
commands = []
kept = []


def irq(event, data):
    if event == 1:
        mtus[data[0]] = 23
    elif event == 2:
        mtus.pop(data[0], None)
        print("DISCONNECT", data[0])
        advertise()
    elif event == 3:
        commands.append((data[0], data[1], ble.gatts_read(data[1])))
    elif event == 21:
        mtus[data[0]] = data[1]
    if event == 1 and not kept:
        kept.append(data[2])
        kept.append(bytes(data[2]))


def advertise():
    ble.gap_advertise(20_000, b"\x02\x01\x06\x11\x07" + bytes(_SERVICE), resp_data=b"\x05\x09peer")


async def send(connection, handle, total):
    refused = 0
    sent = 0
    room = mtus[connection] - 3
    while sent < total:
        size = min(room, total - sent)
        part = bytes((31 * (sent + i) + ((sent + i) >> 8)) & 255 for i in range(size))
        while True:
            try:
                ble.gatts_notify(connection, handle, part)
                break
            except OSError as error:
                if error.errno != 12:
                    print("LOST", error.errno)
                    return
                refused += 1
                await asyncio.sleep_ms(2)
        sent += size
    print("SENT", sent, "refused", refused)


async def main():
    ble.irq(irq)
    ble.config(mtu=247, gap_name="peer")
    ble.active(True)
    ((write, notify, small),) = ble.gatts_register_services(((_SERVICE, (_WRITE, _NOTIFY, _SMALL)),))
    ble.gatts_set_buffer(write, 200)
    ble.gatts_write(notify, b"to be read")
    print("mac", ble.config("mac")[1].hex(), ble.config("mtu"), ble.config("gap_name"))
    advertise()
    print("UP")
    while True:
        while not commands:
            await asyncio.sleep_ms(5)
        connection, handle, value = commands.pop(0)
        if handle == small:
            print("SMALL", value)
        elif value[:4] == b"send":
            await send(connection, notify, struct.unpack("<I", value[4:8])[0])
        elif value == b"kept":
            print("KEPT", bytes(kept[0]) == kept[1])
        elif value == b"bye":
            ble.gap_disconnect(connection)
        else:
            print("WRITE", len(value), value[:8])


asyncio.run(main())
