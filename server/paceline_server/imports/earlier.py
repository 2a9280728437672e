"""The recordings of a batch that may come, found by their time."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from operator import itemgetter

from paceline_server.analysis.same_workout import may_be_same
from paceline_server.duplicates.store import span
from paceline_server.imports.model import COMES, Found, ImportFile

MOST = 10


class Earlier:
    """Files of a batch in the order in which they came; those that are left out anyway are not held."""

    def __init__(self, files: Iterable[ImportFile] = ()) -> None:
        self._held: list[tuple[float, int, int, ImportFile]] = []
        for file in files:
            self.add(file)

    def add(self, file: ImportFile) -> None:
        """Hold a file that may come."""
        for one in file.recordings if file.state in COMES else ():
            insort(self._held, (one.start_utc_s, file.number, one.number, file), key=itemgetter(0, 1, 2))

    def near(self, found: Found) -> list[tuple[ImportFile, int]]:
        """Return (file, number of the recording in it) of what may be of the same workout, the first first."""
        first_s, last_s = span(found.start_utc_s, found.duration_s)
        near: list[tuple[ImportFile, int]] = []
        for start_s, _, number, file in self._held[bisect_left(self._held, first_s, key=itemgetter(0)) :]:
            if start_s > last_s:
                break
            duration_s = file.recordings[number - 1].duration_s
            if may_be_same(found.start_utc_s, found.duration_s, start_s, duration_s):
                near.append((file, number))
        return sorted(near, key=lambda one: (one[0].number, one[1]))[:MOST]
