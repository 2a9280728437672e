"""On MicroPython only (tracebacks): what the supervisor does with tasks that die, and a sensor's outages."""

from firmware.nor_flash import NorFlash
from paceline_protocol.records import ALERT, iter_records, parse_fields
from wearable.journal.writer import Journal
from wearable.supervision import ESSENTIAL_DEATHS, LONG_LIFE_S, LONGEST_PAUSE_MS, Supervisor, crash_text
from wearable.supervision_sensor import FIRST_PAUSE_MS, HEART, SENSOR_FAILED, Outage


class Stop(BaseException):
    """Ends a test's supervision."""


class World:
    """Time that only sleeping moves, and what was told."""

    def __init__(self, sleeps: int) -> None:
        self.now_ms = 0
        self.pauses: list[int] = []
        self.told: list[str] = []
        self.given_up = 0
        self._sleeps = sleeps
        self.supervisor = Supervisor(self.sleep_ms, lambda: self.now_ms // 1000, self.told.append, self.give_up)

    def give_up(self) -> None:
        self.given_up += 1

    async def sleep_ms(self, ms: int) -> None:
        self.pauses.append(ms)
        self.now_ms += ms
        if len(self.pauses) >= self._sleeps:
            raise Stop

    async def keep(self, task, essential: bool = False) -> None:
        try:
            await self.supervisor.keep("swimmer", task, essential)
        except Stop:
            return


async def _drown() -> None:
    raise ValueError("too deep")


async def test_pauses_double_up_to_a_minute_and_few_deaths_are_told() -> None:
    world = World(20)
    await world.keep(_drown)
    assert world.pauses[:4] == [1000, 2000, 4000, 8000]
    assert world.pauses[-1] == LONGEST_PAUSE_MS
    assert [text.split(":")[0] for text in world.told] == [f"swimmer, death {n}" for n in (1, 2, 4, 8, 16)]
    assert world.told[0].endswith("ValueError: too deep") and "_drown" in world.told[0]
    assert world.given_up == 0 and world.supervisor.deaths == 20


async def test_who_lived_long_begins_anew() -> None:
    world = World(6)

    async def swim() -> None:
        world.now_ms += LONG_LIFE_S * 1000
        raise OSError(5)

    await world.keep(swim)
    assert world.pauses == [1000] * 6
    assert len(world.told) == 6


async def test_an_essential_task_that_keeps_dying_ends_in_a_reset() -> None:
    world = World(ESSENTIAL_DEATHS)
    await world.keep(_drown, True)
    assert world.given_up == 1


async def test_a_task_that_just_ends_is_told_too() -> None:
    world = World(1)

    async def nothing() -> None:
        pass

    await world.keep(nothing)
    assert world.told == ["swimmer, death 1: ended"]


def test_a_crash_text_keeps_the_end_and_whole_characters() -> None:
    text = crash_text("who", "ü" * 300 + "Error: here")
    assert text.startswith("who: ü") and text.endswith("üError: here")
    assert 248 <= len(text.encode()) <= 250


class Clock:
    """Second 7."""

    def t_s(self) -> int:
        return 7


def test_an_outage_is_told_once_and_ends_when_reads_are_sound() -> None:
    flash = NorFlash(3)
    journal = Journal(flash, bytes(32), lambda: 5)
    outage = Outage(HEART, journal, Clock())
    for _ in range(2):
        assert [outage.failed() for _ in range(3)] == [FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]
        outage.works()
        assert outage.lasts, "one good read proves nothing"
        for _ in range(30):
            outage.works()
        assert not outage.lasts
    page = bytearray(4096)
    flash.readblocks(0, page)
    told = [parse_fields(kind, payload) for _, kind, payload in iter_records(page)]
    assert [(fields.t_s, fields.code, fields.value) for fields in told] == [(7, SENSOR_FAILED, HEART)] * 2
    assert ALERT == 11
