"""Days and times as people read them, in the reader's language; zones are the caller's."""

from datetime import date, datetime, time

from paceline_server.words.reader import reader
from paceline_server.words.speech import N_, pgettext
from paceline_server.words.speech import gettext as _

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_SHORT_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_SHORT_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
# Language → how day and month, the year after them, and the weekday before them are put together.
_FORMS = {
    "en": ("{day} {month}", "{of_year} {year}", "{weekday} {rest}"),
    "en-US": ("{month} {day}", "{of_year}, {year}", "{weekday}, {rest}"),
    "de": ("{day}. {month}", "{of_year} {year}", "{weekday}, {rest}"),
}
_SHORT_FORMS = {"de": ("{day}. {month}", "{of_year} {year}", "{weekday} {rest}")}


def weekday_name(weekday: int) -> str:
    """Return the name of a day of the week; 0 is Monday."""
    return _(WEEKDAYS[weekday])


def month_name(month: int) -> str:
    """Return the name of a month; 1 is January."""
    return _(_MONTHS[month - 1])


def clock_time(moment: datetime | time) -> str:
    """Say a time of day like 08:14, or 8:14 am where the day has twice twelve hours."""
    if reader().language != "en-US":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def short_day(day: date, *, year: bool = True) -> str:
    """Say a day like "12 May 2024", its month in three letters."""
    return _day(day, _short_month(day.month), year=year, forms=_short_forms())


def long_day(day: date, *, year: bool = True) -> str:
    """Say a day like "12 May 2024", its month in full."""
    return _day(day, month_name(day.month), year=year, forms=_forms())


def named_day(day: date, *, year: bool = True) -> str:
    """Say a day like "Sunday 12 May 2024"."""
    forms = _forms()
    return forms[2].format(weekday=weekday_name(day.weekday()), rest=long_day(day, year=year))


def short_named_day(day: date, *, year: bool = True) -> str:
    """Say a day like "Sun 12 May 2024"."""
    return _short_forms()[2].format(weekday=short_weekday(day.weekday()), rest=short_day(day, year=year))


def short_weekday(weekday: int) -> str:
    """Return the three letters of a day of the week; 0 is Monday."""
    return _(_SHORT_WEEKDAYS[weekday])


def weekday_and_number(day: date) -> str:
    """Say a day of this week like "Sun 12"."""
    return f"{short_weekday(day.weekday())} {day.day}" + ("." if reader().language == "de" else "")


def _short_month(month: int) -> str:
    # May is short already; elsewhere its short form may differ from its name.
    return pgettext("short month", "May") if month == 5 else _(_SHORT_MONTHS[month - 1])


def _day(day: date, month: str, *, year: bool, forms: tuple[str, str, str]) -> str:
    of_year = forms[0].format(day=day.day, month=month)
    return forms[1].format(of_year=of_year, year=day.year) if year else of_year


def _forms() -> tuple[str, str, str]:
    return _FORMS[reader().language]


def _short_forms() -> tuple[str, str, str]:
    return _SHORT_FORMS.get(reader().language, _forms())
