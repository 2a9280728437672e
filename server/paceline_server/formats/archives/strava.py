"""Strava's bulk export: activities.csv with what the athlete wrote, and a file of each activity that had one.

An activity without a file (entered by hand) becomes a document with its start, duration and distance. The table's
header is in the athlete's language; the order of its first columns is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from paceline_server.formats.archives.archive import Entry, Said, described
from paceline_server.formats.containers import ZipMembers
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import unpacked
from paceline_server.formats.sports import sport_of
from paceline_server.formats.table import figure, rows_of
from paceline_server.formats.workout_document import Workout, write_workout

TABLE = "activities.csv"
FOLDER = "activities/"
ID, DATE, NAME, KIND, DESCRIPTION, ELAPSED, DISTANCE_KM = range(7)
DATES = ("%b %d, %Y, %I:%M:%S %p", "%d %b %Y, %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ")
LONGEST_S = 20 * 86400.0


class Strava:
    """The archive. `table` names activities.csv in the zip."""

    kind = "Strava"

    def __init__(self, members: ZipMembers, table: str) -> None:
        self._members = members
        self._table = table
        self._folder = table.removesuffix(TABLE)
        self._warnings: list[str] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user."""
        return tuple(self._warnings)

    def entries(self) -> Iterator[Entry]:
        """Yield the activities in the order of the table, then files that it does not name."""
        table = list(rows_of(self._members.read(self._table), TABLE))
        header, rows = (table[0], table[1:]) if table else ([], [])
        columns = _columns(header, rows)
        names = set(self._members.names())
        given: set[str] = set()
        for number, row in enumerate(rows, 2):
            said = _said(row, columns)
            file = _cell(row, columns.get("file"))
            if not file:
                entry = _by_hand(row, said, number)
            elif self._folder + file not in names:
                entry = Entry(file, b"", said, "The file is not in the archive.")
            else:
                entry = self._file(file, said)
            if entry.name not in given:
                given.add(entry.name)
                yield entry
        for name in sorted(names):
            file = name.removeprefix(self._folder)
            if file.startswith(FOLDER) and file not in given:
                yield self._file(file, Said())

    def _file(self, file: str, said: Said) -> Entry:
        try:
            return Entry(file, unpacked(self._members.read(self._folder + file)), said)
        except FormatError as error:
            return Entry(file, b"", said, str(error))


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Return where gear, file, calories and the distance in metres are, as far as that can be told."""
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        wanted = {"Activity Gear": "gear", "Filename": "file", "Calories": "kcal"}.get(name)
        if wanted is not None:
            found.setdefault(wanted, at)
    distances = [at for at, name in enumerate(header) if name == "Distance"]
    if len(distances) > 1:
        found["distance_m"] = distances[1]
    if "file" not in found:  # in another language
        files = [at for row in rows for at, cell in enumerate(row) if cell.startswith(FOLDER)]
        if files:
            found["file"] = max(set(files), key=files.count)
            found.setdefault("gear", found["file"] - 1)
    return found


def _said(row: Sequence[str], columns: Mapping[str, int]) -> Said:
    return described(
        title=_cell(row, NAME),
        notes=_cell(row, DESCRIPTION),
        sport=sport_of(_cell(row, KIND)) if _cell(row, KIND) else "",
        gear=_cell(row, columns.get("gear")),
        calories_kcal=figure(_cell(row, columns.get("kcal"))),
    )


def _by_hand(row: Sequence[str], said: Said, number: int) -> Entry:
    name = f"{FOLDER}{''.join(sign for sign in _cell(row, ID)[:40] if sign.isalnum()) or number}.json"
    start_s = _moment_s(_cell(row, DATE))
    elapsed_s = figure(_cell(row, ELAPSED))
    if start_s is None or elapsed_s is None or not 0 <= elapsed_s <= LONGEST_S:
        return Entry(name, b"", said, "An activity without a file, and its date or duration cannot be read.")
    kilometres = figure(_cell(row, DISTANCE_KM))
    distance_m = round(1000 * kilometres, 1) if kilometres and kilometres > 0 else None
    workout = Workout(1, "Strava", _cell(row, KIND)[:60], start_s, elapsed_s, distance_m)
    return Entry(name, write_workout(workout), said)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and 0 <= at < len(row) else ""


def _moment_s(text: str) -> float | None:
    for form in DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None
