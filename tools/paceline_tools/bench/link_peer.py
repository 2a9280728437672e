"""The other side of the link's benchmark: a firmware of few lines that only notifies, as fast as the radio takes it."""

RAW_FIRMWARE = """
import asyncio, bluetooth, time
ble = bluetooth.BLE()
ble.active(True)
ble.config(mtu=498, gap_name="raw")
state = {"handle": None, "mtu": 23, "total": 0}

def irq(event, data):
    if event == 1: state["handle"] = data[0]
    elif event == 21: state["mtu"] = data[1]
    elif event == 3: state["total"] = int.from_bytes(ble.gatts_read(data[1]), "little")

ble.irq(irq)
SERVICE = bluetooth.UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
WRITE = (bluetooth.UUID("6e400002-b5a3-f393-e0a9-e50e24dcca9e"), bluetooth.FLAG_WRITE)
NOTIFY = (bluetooth.UUID("6e400003-b5a3-f393-e0a9-e50e24dcca9e"), bluetooth.FLAG_NOTIFY)
((write, notify),) = ble.gatts_register_services(((SERVICE, (WRITE, NOTIFY)),))
ble.gap_advertise(20_000, b"\\x02\\x01\\x06", resp_data=b"\\x04\\x09raw")

async def main():
    while not state["total"]:
        await asyncio.sleep_ms(10)
    part = bytes(state["mtu"] - 3)
    sent = 0
    while sent < state["total"]:
        try:
            ble.gatts_notify(state["handle"], notify, part)
            sent += len(part)
        except OSError as error:
            if error.errno != 12: raise
            await asyncio.sleep_ms(2)
    while True:
        await asyncio.sleep_ms(1000)

asyncio.run(main())
"""
"""main.py: waits for a u32 of how many bytes are wanted."""

RAW_WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
RAW_NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
