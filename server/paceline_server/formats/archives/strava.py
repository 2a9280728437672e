"""Strava's bulk export: activities.csv with what the athlete wrote, and a file of each activity that had one.

An activity without a file (entered by hand) becomes a document with its start, duration and distance. The table's
header is in the athlete's language; the order of its columns is not. It says elapsed time and distance twice: first as
the athlete sees them (of swims in metres, else in kilometres or miles), then in seconds and metres.
"""

from collections.abc import Iterator, Mapping, Sequence

from paceline_server.formats.archives.archive import Entry, Said, described
from paceline_server.formats.archives.strava_dates import moment_s
from paceline_server.formats.containers import ZipMembers
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import unpacked
from paceline_server.formats.sports import sport_of
from paceline_server.formats.table import figure, rows_of
from paceline_server.formats.workout_document import Workout, write_workout

TABLE = "activities.csv"
FOLDER = "activities/"
NAMED = {
    "id": "Activity ID",
    "date": "Activity Date",
    "name": "Activity Name",
    "kind": "Activity Type",
    "notes": "Activity Description",
    "elapsed": "Elapsed Time",
    "distance": "Distance",
}
"""The first columns, which are in this order in every language; and their English names."""
FURTHER = {"gear": "Activity Gear", "file": "Filename", "kcal": "Calories"}
KCAL_BEHIND_METRES = 17
LONGEST_S = 20 * 86400.0
LONGEST_SWIM_KM = 25.0
METRES_OF_SHOWN = 100.0
"""So many times the first distance is the second at least, where that is in kilometres or miles, and this in metres."""


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
                entry = _by_hand(row, columns, said, number)
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
    """Return where what is, as far as that can be told."""
    english = NAMED["id"] in header
    found = {
        word: header.index(name) for word, name in ((NAMED if english else {}) | FURTHER).items() if name in header
    }
    if not english:
        found |= {word: at for at, word in enumerate(NAMED)}
    if "file" not in found:
        files = [at for row in rows for at, cell in enumerate(row) if cell.startswith(FOLDER)]
        if files:
            found["file"] = max(set(files), key=files.count)
            found.setdefault("gear", found["file"] - 1)
    for word, exact in (("elapsed", "elapsed_s"), ("distance", "distance_m")):
        at = found.get(word, len(header))
        again = [other for other in range(at + 1, len(header)) if header[other] == header[at]]
        if again:
            found[exact] = again[0]
    if "distance_m" in found and found["distance_m"] + KCAL_BEHIND_METRES < len(header):
        found.setdefault("kcal", found["distance_m"] + KCAL_BEHIND_METRES)
    return found


def _said(row: Sequence[str], columns: Mapping[str, int]) -> Said:
    kind = _cell(row, columns.get("kind"))
    return described(
        title=_cell(row, columns.get("name")),
        notes=_cell(row, columns.get("notes")),
        sport=sport_of(kind) if kind else "",
        gear=_cell(row, columns.get("gear")),
        calories_kcal=figure(_cell(row, columns.get("kcal"))),
    )


def _by_hand(row: Sequence[str], columns: Mapping[str, int], said: Said, number: int) -> Entry:
    plain = "".join(sign for sign in _cell(row, columns.get("id"))[:40] if sign.isalnum())
    name = f"{FOLDER}{plain or number}.json"
    start_s = moment_s(_cell(row, columns.get("date")))
    exact_s = figure(_cell(row, columns.get("elapsed_s")))
    elapsed_s = exact_s if exact_s is not None else figure(_cell(row, columns.get("elapsed")))
    if start_s is None or elapsed_s is None or not 0 <= elapsed_s <= LONGEST_S:
        return Entry(name, b"", said, "An activity without a file, and its date or duration cannot be read.")
    kind = _cell(row, columns.get("kind"))[:60]
    shown, exact = figure(_cell(row, columns.get("distance"))), figure(_cell(row, columns.get("distance_m")))
    workout = Workout(1, "Strava", kind, start_s, elapsed_s, _distance_m(said.sport == "swimming", shown, exact))
    return Entry(name, write_workout(workout), said)


def _distance_m(swum: bool, shown: float | None, exact: float | None) -> float | None:
    """Return the distance of what the table says first and then; some tables say the first twice."""
    if exact and exact > 0 and (swum or not shown or exact >= METRES_OF_SHOWN * shown):
        return round(exact, 1)
    if not shown or shown < 0:
        return None
    return round(shown if swum and shown > LONGEST_SWIM_KM else 1000 * shown, 1)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and 0 <= at < len(row) else ""
