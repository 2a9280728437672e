"""From the wearable's parts to the display's memory: snapshot, progress and the driver."""

from firmware.coach_bench import CoachBench
from firmware.display_panel import Battery, Panel
from firmware.wearable_bench import Pvt
from wearable.drivers import ssd1306
from wearable.screen.progress import Progress
from wearable.screen.snapshot import NO_ALTITUDE, UNKNOWN, Snapshot, snapshot

DEVICE_ID = bytes(range(8))


def test_only_what_changed_is_sent_and_all_after_a_start() -> None:
    panel = Panel()
    buffer = bytearray(1024)
    driver = ssd1306.Ssd1306(panel, buffer)
    driver.start()
    every = list(range(ssd1306.BLOCKS))
    assert [block for block in every if driver.send(block)] == every
    assert panel.memory == buffer
    buffer[3 * 128 + 5] = 1
    buffer[7 * 128 + 127] = 0x80
    panel.blocks = []
    assert [block for block in every if driver.send(block)] == panel.blocks == [12, 31]
    assert panel.memory == buffer
    driver.start()
    assert [block for block in every if driver.send(block)] == every


def test_a_snapshot_says_what_is_not_known() -> None:
    wrist = CoachBench()
    bench = wrist.bench
    model = Snapshot(DEVICE_ID)
    battery = Battery()
    battery.millivolt = 0
    parts = (bench.recorder, bench.clock, battery, bench.journal, wrist.coach)
    snapshot(model, parts, 0, wrist.settings)
    assert (model.minute_of_day, model.battery_percent, model.altitude_m) == (UNKNOWN, UNKNOWN, NO_ALTITUDE)
    wrist.users.zone_quarters = 8  # UTC+2
    bench.gps(1, 10)
    bench.journal.confirm(bench.journal.end)
    snapshot(model, parts, 0, wrist.settings)
    utc_2020_s = bench.clock.utc_2020_s()
    assert model.minute_of_day == (utc_2020_s + 7200) % 86400 // 60
    assert (model.altitude_m, model.fix, model.backlog_bytes) == (Pvt(10).altitude_2dm // 5, 3, 0)
    assert model.held_bytes == bench.journal.end > 0


def test_progress_knows_the_speed_of_the_last_seconds_and_the_laps() -> None:
    progress = Progress()
    for second in range(101):
        progress.follow(1, second, 300 * second, 1)
    assert progress.speed_cm_s == 300
    for second in range(101, 130):
        progress.follow(1, second, 30_000 + 500 * (second - 100), 1 if second < 120 else 2)
    assert progress.speed_cm_s == 500
    assert (progress.lap, progress.done_elapsed_s, progress.done_distance_cm) == (2, 120, 40_000)
    assert (progress.lap_elapsed_s, progress.lap_distance_cm) == (9, 4_500)
    progress.follow(1, 500, 60_000, 2)
    assert progress.lap_elapsed_s == 380
    progress.follow(2, 0, 0, 1)
    assert (progress.speed_cm_s, progress.lap, progress.lap_elapsed_s, progress.done_elapsed_s) == (0, 1, 0, 0)
