"""From a request's JSON to what a source says; InvalidError names the place and what is wrong. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from paceline_server.daily.given import DayValue, Given, SpanCount
from paceline_server.daily.model import CUMULATIVE, LATEST, METRICS, MOST_A_DAY, PROFILE, STAGES, WEARABLE, Sleep
from paceline_server.errors import InvalidError
from paceline_server.profile.model import BODY_RANGES
from paceline_server.profile.zones import is_zone

MOST_AT_ONCE = 2000
LONGEST_S = 86_400
MOST_STAGES = 500
AHEAD_S = 86_400  # a clock that is further ahead is wrong, and what it says would hold for ever
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_NAME = 64

Fields = Mapping[str, Any]


def given_of(body: Fields, now_s: float) -> Given:
    """Return what the body {"source", "time", "days", "counts", "sleeps"} says."""
    source = _source(body.get("source"))
    lists = {name: _list(body, name) for name in ("days", "counts", "sleeps")}
    if sum(map(len, lists.values())) > MOST_AT_ONCE:
        raise InvalidError("field", f"At most {MOST_AT_ONCE} things at once.", field="counts")
    usual = body.get("time")
    return Given(
        source,
        tuple(_value(f"days[{n}].", one, source, usual, now_s) for n, one in enumerate(lists["days"])),
        tuple(_count(f"counts[{n}].", one, usual, now_s) for n, one in enumerate(lists["counts"])),
        tuple(_sleep(f"sleeps[{n}].", one, source, usual, now_s) for n, one in enumerate(lists["sleeps"])),
    )


def value_of(metric: str, day: str, body: Fields, now_s: float) -> Given:
    """Return what the body {"source", "value", "time"} says of a day."""
    source = _source(body.get("source"))
    said = {"metric": metric, "date": day, "value": body.get("value", ...), "time": body.get("time")}
    return Given(source, values=(_value("", said, source, None, now_s),))


def order_of(body: Fields) -> list[str]:
    """Return the sources of {"sources": [names]}, the one that is believed first before the others."""
    names = _list(body, "sources")
    if len(names) > 50 or len(set(map(str, names))) != len(names):
        raise InvalidError("field", "sources are at most 50 names, each once.", field="sources")
    return [_text(f"sources[{n}]", name) for n, name in enumerate(names)]


def away_of(body: Fields) -> list[tuple[date, str]]:
    """Return the journeys of {"time_zones": [{"from", "time_zone"}]}."""
    found: dict[date, str] = {}
    for n, one in enumerate(_list(body, "time_zones")):
        place = f"time_zones[{n}]."
        fields = _object(place, one)
        zone = fields.get("time_zone")
        if not isinstance(zone, str) or not is_zone(zone):
            raise InvalidError("field", "A time zone is a name like Europe/Zurich.", field=f"{place}time_zone")
        found[_day(f"{place}from", fields.get("from"))] = zone
    if len(found) > 1000:
        raise InvalidError("field", "time_zones are at most 1000.", field="time_zones")
    return sorted(found.items())


def _value(place: str, said: Any, source: str, usual: object, now_s: float) -> DayValue:
    fields = _object(place, said)
    metric = _one_of(f"{place}metric", fields.get("metric"), METRICS)
    day = _day(f"{place}date", fields.get("date"))
    value = _number(f"{place}value", metric, fields.get("value", ...))
    return DayValue(metric, day.isoformat(), source, value, _stamp(place, fields, usual, now_s))


def _count(place: str, said: Any, usual: object, now_s: float) -> SpanCount:
    fields = _object(place, said)
    metric = _one_of(f"{place}metric", fields.get("metric"), CUMULATIVE)
    start_s, end_s = _span(place, fields, now_s)
    value = _number(f"{place}value", metric, fields.get("value", ...))
    return SpanCount(metric, start_s, end_s, value, _stamp(place, fields, usual, now_s))


def _sleep(place: str, said: Any, source: str, usual: object, now_s: float) -> Sleep:
    fields = _object(place, said)
    sleep_id = _text(f"{place}sleep_id", fields.get("sleep_id"))
    start_s, end_s = _span(place, fields, now_s)
    gone = fields.get("gone", False)
    if not isinstance(gone, bool):
        raise InvalidError("field", "gone is true or false.", field=f"{place}gone")
    stages = _list(fields, "stages", place)
    if len(stages) > MOST_STAGES:
        raise InvalidError("field", f"A sleep has at most {MOST_STAGES} stages.", field=f"{place}stages")
    found: list[tuple[int, int, str]] = []
    for n, one in enumerate(stages):
        within = f"{place}stages[{n}]."
        of_stage = _object(within, one)
        stage = _one_of(f"{within}stage", of_stage.get("stage"), STAGES)
        began_s, ended_s = _span(within, of_stage, now_s)
        if began_s < (start_s + found[-1][1] if found else start_s) or ended_s > end_s:
            message = "Stages lie in their sleep, one after the other."
            raise InvalidError("field", message, field=f"{within}start_time")
        found.append((began_s - start_s, ended_s - start_s, stage))
    return Sleep(source, sleep_id, start_s, end_s, tuple(found), _stamp(place, fields, usual, now_s), gone)


def _span(place: str, fields: Fields, now_s: float) -> tuple[int, int]:
    start_s = moment_of(f"{place}start_time", fields.get("start_time"), now_s)
    end_s = moment_of(f"{place}end_time", fields.get("end_time"), now_s)
    if not 0 < int(end_s) - int(start_s) <= LONGEST_S:
        raise InvalidError("field", "From start_time to end_time are 1 s to 24 h.", field=f"{place}end_time")
    return int(start_s), int(end_s)


def _stamp(place: str, fields: Fields, usual: object, now_s: float) -> int:
    said = fields.get("time")
    return round(1000 * moment_of(f"{place}time", usual if said is None else said, now_s))


def moment_of(place: str, text: object, now_s: float) -> float:
    """Return the Unix seconds of a time with its zone; InvalidError names the place of what is none, or far ahead."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidError("field", "A time is like 2026-05-04T06:30:00Z.", field=place)
    try:
        utc_s = moment.timestamp()
    except (OverflowError, ValueError):
        utc_s = -1.0
    if not _EARLIEST.timestamp() <= utc_s <= now_s + AHEAD_S:
        raise InvalidError("field", "The time lies before 1990, or more than a day ahead.", field=place)
    return utc_s


def _number(place: str, metric: str, value: object) -> float | None:
    if value is None:
        return None
    low, high = BODY_RANGES[metric] if metric in LATEST else (0, MOST_A_DAY[metric])
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidError("field", f"{metric} is a number from {low:g} to {high:g}, or null.", field=place)
    return float(value)


def _day(place: str, text: object) -> date:
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2200:
        raise InvalidError("field", "A date is like 2026-05-04.", field=place)
    return day


def _source(value: object) -> str:
    source = _text("source", value)
    if source.startswith(WEARABLE) or source == PROFILE:
        raise InvalidError("field", "This name is kept for wearables and for what is entered by hand.", field="source")
    return source


def _text(place: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _NAME or not value.isprintable() or value.strip() != value:
        raise InvalidError("field", f"A name of 1 to {_NAME} characters is needed.", field=place)
    return value


def _one_of(place: str, value: object, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise InvalidError("field", f"It is one of {', '.join(words)}.", field=place)
    return value


def _list(body: Fields, name: str, place: str = "") -> list[Any]:
    found = body.get(name, [])
    if not isinstance(found, list):
        raise InvalidError("field", f"{place}{name} is a list.", field=f"{place}{name}")
    return found


def _object(place: str, value: Any) -> Fields:
    if not isinstance(value, dict):
        raise InvalidError("field", "An object is needed.", field=place.rstrip("."))
    return value
