"""The board: XIAO ESP32-S3, MAX30101, LSM6DSOX, MAX17048 and u-blox M10 (pins and contract: boards/README.md)."""

import esp32
import machine

NAME = "esp32s3"

i2c = machine.I2C(0, scl=machine.Pin(6), sda=machine.Pin(5), freq=400_000)
# 2048 bytes ride through a flash erase of 80 ms at 115200 baud twice over.
gps_uart = machine.UART(1, baudrate=38400, tx=43, rx=44, rxbuf=2048)

start_button = machine.Pin(1, machine.Pin.IN, machine.Pin.PULL_UP)
lap_button = machine.Pin(2, machine.Pin.IN, machine.Pin.PULL_UP)
heart_interrupt = machine.Pin(8, machine.Pin.IN, machine.Pin.PULL_UP)
motion_interrupt = machine.Pin(4, machine.Pin.IN, machine.Pin.PULL_UP)
vibration = machine.Pin(7, machine.Pin.OUT)

PRESSED = 0
PRESS_EDGE = INTERRUPT_EDGE = machine.Pin.IRQ_FALLING

journal_flash = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")[0]
nvs = esp32.NVS("paceline")
rtc = machine.RTC()

BLOB_FOLDER = "blobs"

reset_cause = machine.reset_cause
reset = machine.reset
cpu_frequency = machine.freq


def watchdog(timeout_ms: int) -> machine.WDT:
    """Start the watchdog, which cannot be stopped again."""
    return machine.WDT(timeout=timeout_ms)
