"""The world of the firmware's benchmark, as a script for MicroPython: the leanest chips, radio, flash and time.

The wearable's own tasks run in it second after second; only the world's time passes, so that what is measured is CPU
time and heap of the firmware (and of these few lines). Flash is a file: it takes no heap.
"""

MOUNT = """
import os, sys, vfs
IMAGE = bytearray(os.stat("firmware.romfs")[6])
with open("firmware.romfs", "rb") as file: file.readinto(IMAGE)
vfs.mount(vfs.VfsRom(IMAGE), "/rom")
sys.path.insert(0, "/rom")
"""
"""Before WORLD: the firmware runs in place, from an image that is the world's and not the firmware's heap."""

WORLD = '''
import gc, io, sys, time as real

class Gc:
    threshold = gc.threshold
    mem_alloc = gc.mem_alloc
    quiet = False
    @staticmethod
    def collect():
        if not Gc.quiet: gc.collect()
sys.modules["gc"] = Gc
from array import array

class Time:
    now = 1000
    @staticmethod
    def ticks_ms(): return Time.now
    @staticmethod
    def ticks_us(): return Time.now * 1000
    ticks_diff = real.ticks_diff
    ticks_add = real.ticks_add
sys.modules["time"] = Time

class Sleep:
    def __init__(self):
        self.ms = 0
        self.armed = False
        self.end = StopIteration()
    def __iter__(self): return self
    def __next__(self):
        if self.armed:
            self.armed = False
            return None
        self.end.__traceback__ = None
        raise self.end
SLEEP = Sleep()

def sleep_ms(ms):
    SLEEP.ms = ms
    SLEEP.armed = True
    return SLEEP

class Flag:
    def set(self): pass
    def clear(self): pass
    def is_set(self): return False
    def wait(self): return sleep_ms(680)  # as the heart rate sensor calls

class Event:
    def __init__(self): self.on = False
    def set(self): self.on = True
    def clear(self): self.on = False
    async def wait(self):
        while not self.on: await sleep_ms(1000)

class Asyncio:
    ThreadSafeFlag, Event = Flag, Event
    CancelledError = TimeoutError = OSError
    sleep_ms = staticmethod(sleep_ms)
    @staticmethod
    def create_task(task): return task
    @staticmethod
    def wait_for_ms(waiting, ms): return sleep_ms(min(ms, 400))
    @staticmethod
    def get_event_loop(): return None
sys.modules["asyncio"] = Asyncio

class Bluetooth:
    FLAG_READ, FLAG_WRITE, FLAG_NOTIFY, FLAG_WRITE_NO_RESPONSE = 2, 8, 16, 4
    @staticmethod
    def UUID(value): return value
    class BLE:
        def active(self, on): pass
        def config(self, *names, **values): pass
        def irq(self, handler): pass
        def gatts_register_services(self, services):
            return [list(range(len(service[1]))) for service in services]
        def gatts_set_buffer(self, *_): pass
        def gatts_write(self, handle, value, tell=False): pass
        def gatts_notify(self, connection, handle, value=None): pass
        def gatts_read(self, *_): return b""
        def gap_advertise(self, *_, **__): pass
        def gap_disconnect(self, *_): pass
sys.modules["bluetooth"] = Bluetooth

SINE = (0, 6, 12, 17, 20, 21, 20, 17, 12, 6, 0, -6, -12, -17, -20, -21, -20, -17, -12, -6)

class Slices:
    def __getitem__(self, key): return key
PVT = Slices()[:100]  # made once: what the world does leaves the heap as it is

class Chips:
    """I2C: MAX30101, LSM6DSOX, MAX17048 as far as the drivers ask; every other address is silent."""
    def __init__(self):
        self.one = {}
        self.ppg = bytearray(44 * 3)  # 12 samples a beat: 125 a minute
        self.motion = bytearray(62 * 7)  # 10 samples a step: 156 a minute
        for i in range(44):
            value = 60000 - 30 * SINE[i % 12 * 20 // 12]
            self.ppg[3 * i], self.ppg[3 * i + 1], self.ppg[3 * i + 2] = value >> 16, value >> 8 & 255, value & 255
        for i in range(62):
            self.motion[7 * i] = 16
            for axis in range(3):
                value = (60 * SINE[i * 2 % 20], 30 * SINE[(i + 4) % 20], 4098 + 90 * SINE[i * 2 % 20])[axis]
                self.motion[7 * i + 1 + 2 * axis] = value & 255
                self.motion[7 * i + 2 + 2 * axis] = value >> 8 & 255
        self.ppg, self.motion = io.BytesIO(self.ppg), io.BytesIO(self.motion)
        self.ppg_ms = self.motion_ms = 1000
        self.at = self.step = 0
    def readfrom_mem_into(self, address, register, buffer):
        if address == 0x57: self.heart(register, buffer)
        elif address == 0x6A: self.accelerometer(register, buffer)
        elif address == 0x36:
            buffer[0] = 190 if register == 2 else 80
            buffer[1] = 0
        else: raise OSError(19)
    def heart(self, register, buffer):
        if register == 0xFF: buffer[0] = 0x15
        elif register == 0:
            waiting = min((Time.now - self.ppg_ms) // 40, 31)
            buffer[4] = (self.at + waiting) & 31
            buffer[5] = 0
            buffer[6] = self.at & 31
        elif register == 7:
            count = len(buffer) // 3
            self.ppg.seek(self.at % 12 * 3)
            self.ppg.readinto(buffer)
            self.at += count
            self.ppg_ms += 40 * count
        else:
            for i in range(len(buffer)): buffer[i] = self.one.get(register + i, 0) & 0xBF
    def accelerometer(self, register, buffer):
        if register == 0x0F: buffer[0] = 0x6C
        elif register == 0x3A:
            buffer[0] = min((Time.now - self.motion_ms) * 26 // 1000, 200)
            buffer[1] = 0
        elif register == 0x78:
            self.motion.seek(self.step % 20 * 7)
            self.motion.readinto(buffer)
            self.step += len(buffer) // 7
            self.motion_ms += len(buffer) // 7 * 1000 // 26
        else:
            for i in range(len(buffer)): buffer[i] = 0
    def writeto_mem(self, address, register, data):
        if address == 0x3C and not DISPLAY: raise OSError(19)
        if address == 0x57 and len(data) == 1: self.one[register] = data[0]
    def writeto(self, address, data, stop=True): self.missing()
    def writevto(self, address, vector, stop=True): self.missing()
    def missing(self):
        if not DISPLAY: raise OSError(19)

class Receiver:
    """UART of a u-blox that says yes to everything and tells a run once a second."""
    def __init__(self):
        self.pvt = bytearray(100)
        self.pvt[0], self.pvt[1], self.pvt[2], self.pvt[3], self.pvt[4] = 0xB5, 0x62, 1, 7, 92
        p = self.pvt
        p[10], p[11], p[12], p[13] = 0xE9, 7, 6, 9
        p[17], p[26], p[27], p[29] = 7, 3, 1, 14
        self.told_s = 0
        self.reply = b""
        self.noise = 17
        self.latitude = 470000000
        self.longitude = 80000000
    def init(self, baudrate=0, **_): self.reply = b""
    def write(self, data):
        if data[:2] == b"\\xb5b" and data[2] == 6:
            ack = b"\\x05\\x01\\x02\\x00" + bytes((data[2], data[3]))
            a = b = 0
            for byte in ack: a = (a + byte) & 255; b = (b + a) & 255
            self.reply += b"\\xb5b" + ack + bytes((a, b))
        return len(data)
    def any(self):
        if self.reply: return len(self.reply)
        return 100 if Time.now // 1000 > self.told_s else 0
    def readinto(self, buffer, *_):
        if self.reply:
            count = min(len(buffer), len(self.reply))
            buffer[:count] = self.reply[:count]
            self.reply = self.reply[count:]
            return count
        if not self.any(): return None
        self.told_s = Time.now // 1000
        self.tell(self.told_s)
        buffer[PVT] = self.pvt
        return 100
    def dice(self, limit):
        self.noise = self.noise * 4093 % 32749
        return self.noise % limit
    def tell(self, second):
        p = self.pvt
        p[14] = second // 3600 % 24
        p[15] = second // 60 % 60
        p[16] = second % 60
        self.latitude += 250 + self.dice(60)
        self.longitude += self.dice(80) - 40
        self.put(30, self.longitude)
        self.put(34, self.latitude)
        self.put(42, 400000 + second % 600 * 80 + self.dice(300))
        self.put(66, 2800 + self.dice(300))
        a = b = 0
        for i in range(2, 98):
            a = (a + p[i]) & 255
            b = (b + a) & 255
        p[98], p[99] = a, b
    def put(self, at, value):
        p = self.pvt
        for i in range(at, at + 4):
            p[i] = value & 255
            value >>= 8

class Flash:
    def __init__(self, path, blocks):
        self.file = open(path, "r+b")
        self.blocks = blocks
        self.blank = b"\\xff" * 4096
        self.erases = self.programs = self.programmed = 0
    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * 4096 + offset)
        self.file.readinto(buffer)
    def writeblocks(self, block, data, offset):
        self.file.seek(block * 4096 + offset)
        self.file.write(data)
        self.programs += 1
        self.programmed += len(data)
    def ioctl(self, operation, block):
        if operation == 4: return self.blocks
        if operation == 5: return 4096
        self.file.seek(block * 4096)
        self.file.write(self.blank)
        self.erases += 1
        return 0

class Nvs:
    def __init__(self):
        self.blobs = {"device_id": bytearray(8), "device_key": bytearray(32)}
        self.commits = 0
    def get_blob(self, name, buffer):
        if name not in self.blobs: raise OSError(2)
        data = self.blobs[name]
        buffer[:len(data)] = data
        return len(data)
    def set_blob(self, name, data):
        held = self.blobs.get(name)
        if held is None or len(held) != len(data): self.blobs[name] = bytearray(data)
        else:
            for i in range(len(data)): held[i] = data[i]
    def get_i32(self, name): raise OSError(2)
    def set_i32(self, name, value): pass
    def commit(self): self.commits += 1

class Pin:
    def irq(self, *_, **__): pass
    def value(self, level=1): return 1

class Rtc:
    def datetime(self, *_): return (2000, 1, 1, 0, 0, 0, 0, 0)

class Dog:
    def feed(self): pass

class Board:
    NAME, BLOB_FOLDER, PRESSED, PRESS_EDGE, INTERRUPT_EDGE = "bench", "blobs", 0, 0, 0
    start_button = lap_button = heart_interrupt = motion_interrupt = vibration = Pin()
    rtc = Rtc()
    def reset_cause(self): return 1
    def cpu_frequency(self, hz): pass
    def reset(self): raise SystemExit("the firmware gave up")
    def watchdog(self, ms): return Dog()

class Tasks:
    """What App.run() would have supervised, by name."""
    def __init__(self): self.of = []
    def keep(self, name, task, essential=False):
        if name not in ("link", "start button", "lap button"): self.of.append([name, task(), Time.now, 0, 0])
        return ended()

async def ended(): pass
'''
"""Fakes of everything below the firmware; DISPLAY must be set before."""

ADVANCE = """
def advance(tasks, until, measure):
    # Runs whoever is due, in order of time; measure: 0 nothing, 1 CPU microseconds, 2 heap bytes taken.
    while True:
        due = tasks[0]
        for task in tasks:
            if task[2] < due[2]: due = task
        if due[2] >= until: return
        Time.now = max(Time.now, due[2])
        if measure == 1:
            before = real.clock()
            due[1].send(None)
            due[3] += int(1000000 * (real.clock() - before))
        elif measure == 2:
            before = gc.mem_alloc()
            due[1].send(None)
            due[4] += gc.mem_alloc() - before
        else:
            due[1].send(None)
        due[2] = Time.now + max(SLEEP.ms, 1)
"""
"""Runs the tasks that are due; needs WORLD."""

RUN = """
FLASH, BLOCKS, SECONDS, WARM, DISPLAY, MODE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), 90, 1, sys.argv[4]
gc.threshold(-1)  # as boot.py
gc.collect()
WORLD_BYTES = gc.mem_alloc()

def main():
    board = Board()
    board.i2c, board.gps_uart, board.nvs, board.journal_flash = Chips(), Receiver(), Nvs(), Flash(FLASH, BLOCKS)
    from wearable.kept_state import KeptState
    from wearable.core import Core
    from wearable.supervision_boot import ShortLives
    from wearable import start
    kept = KeptState(board.nvs)
    core = Core(board, kept, board.watchdog(1), ShortLives(kept, 1))
    from wearable.app import App  # now, as start has it
    app = App(core)
    tasks = Tasks()
    try:
        app.run(tasks).send(None)
    except StopIteration:
        pass
    gc.collect()
    loaded = gc.mem_alloc() - WORLD_BYTES
    advance(tasks.of, Time.now + 20000, 0)
    app._recorder.start(1, 0)
    app._settings.always_on = True
    advance(tasks.of, Time.now + 1000 * WARM, 0)
    flash = board.journal_flash
    if MODE != "heap":
        flash.file = in_memory(BLOCKS)  # system calls are no CPU of the board
    before = (flash.programs, flash.erases, flash.programmed, board.nvs.commits, core.journal.end)
    begin = Time.now
    if MODE == "heap":
        advance(tasks.of, begin + 1000 * SECONDS, 0)
    else:
        gc.collect()
        advance(tasks.of, begin + 1000 * SECONDS, 1)
    spent = (flash.programs, flash.erases, flash.programmed, board.nvs.commits, core.journal.end)
    if MODE != "heap":
        gc.collect()
        gc.disable()
        Gc.quiet = True
        advance(tasks.of, Time.now + 20000, 2)
        gc.enable()
    gc.collect()
    rates = [(b - a) * 3600 // SECONDS for a, b in zip(before, spent)]
    print("RESULT", repr({
        "cpu_us": {task[0]: task[3] / SECONDS for task in tasks.of},
        "allocated": {task[0]: task[4] / 20 for task in tasks.of},
        "world_us": world_us(board.gps_uart), "encode_us": encode_us(core.journal) if MODE != "heap" else 0,
        "world": WORLD_BYTES, "loaded": loaded, "live": gc.mem_alloc() - WORLD_BYTES,
        "programs": rates[0], "erases": rates[1], "programmed": rates[2], "commits": rates[3], "journal": rates[4],
        "samples": app._recorder.totals.samples, "distance_m": app._recorder.totals.distance_cm // 100,
        "heart": app._recorder.heart_rate_bpm, "cadence": app._recorder.cadence_spm,
    }))

def in_memory(blocks):
    held = io.BytesIO(4096 * blocks)
    with open(FLASH, "rb") as file:
        for _ in range(blocks): held.write(file.read(4096))
    return held

def world_us(receiver):
    # What the receiver itself costs here in a second: no part of the firmware.
    before = real.clock()
    for i in range(500): receiver.tell(i)
    return 1000000 * (real.clock() - before) / 500

def encode_us(journal):
    # append_sample alone, chunks written and pages turned.
    before = real.clock()
    t = 100000
    for i in range(500):
        journal.append_sample(t + i, 3, 47000000 + 27 * i + i * i % 5, 8000000 - i * 7 % 9, 2000 + i % 40, 290 + i % 17,
                              140 + i % 3, 3, 168)
    return 1000000 * (real.clock() - before) / 500

main()
"""
"""Behind WORLD and ADVANCE; argv: flash file, blocks, seconds, "cpu" or "heap"; prints RESULT and a dictionary."""
