"""Every page as a German reads it: nothing of it is English; and as a reader of miles does: nothing is metric."""

import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
from paceline_server.pages.routes import PAGE_ROUTES
from server.journal_builder import DEVICE_ID
from server.rich_person import Rich, do, rich_person
from server.running_server import RunningServer, StandingClock

FOR_PROGRAMS = ("/api", "/worker.js", "/ca.pem", "/ca.crt")  # in English, as docs/API.md
# What is the same in both languages: names and data of the person and of programs, formats, units, some words.
SAME = re.compile(
    r"\b(?:ann|fred|Home(?: Assistant)?|quux|Zyx|Vw|Xyzzy|setup|file|stranger|Race planner|Deutsch"
    r"|English|US|squat|\S*@\S+|Journal|Python\S*|aiohttp\S*|\w+\.\w+(?:\.gz)?|[0-9a-f-]{8,}"
    r"|Paceline|API|FIT|GPX|TCX|KML|CSV|GeoJSON|VDOT|VO2max|XXXX|OAuth|PMTiles|QR|GPS|UTC|XML|trk|kml|gzip"
    r"|km|kg|cm|mi|lb|ft|in|mph|bpm|kcal|min|[KMG]iB|ml"
    r"|[Aa]dmin|Authenticator|April|August|September|November|Code|Firmware|Fitness|Form|Gateways?|Marathon|Name"
    r"|Offline|Passkeys?|Pause|Person|Squat|Start|Status|Text|Training|Trend|Wearables?"
    r"|(?:A[a-z]+|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific)/[A-Z][\w/-]+)\b"  # time zones
    r"|https?://\S+|/[\w./-]+|[\W\d_]+|\b\w\b"
)
ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|its?|this|that|with|not|there|were|from|to|by|has|have|been|nothing|which|your?|than)\b"
    r"(?![.=])",
    re.IGNORECASE,
)
# Races are called by their distance everywhere, VO2max has its unit, and one of the choices is the other units.
NOT_MEASURED = re.compile(r"\b(?:400 m|[135] km|10 km)\b|ml/kg/min|kilometres, metres, kilograms")
METRIC = re.compile(r"\b(?:km|kg|cm)\b|\d m\b|/100 m|km/h|kilomet|kilogra|\b(?:centi)?met(?:re|er)s?\b", re.IGNORECASE)
READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "label", "data-label", "data-title", "data-name"}
SILENT = {"script", "style", "code", "pre", "kbd", "svg"}


class Read(HTMLParser):
    """Collects what people read of a page, text by text, those that its scripts say too."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        for name, value in attrs:
            if value and name in READ_ALOUD:
                self.texts.append(value)
            elif value and name == "data-words":
                self.texts += json.loads(value).values()

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))


def read(page: str) -> list[str]:
    reader = Read()
    reader.feed(page)
    return reader.texts


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("words") / "data", StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
async def rich(server: RunningServer) -> Rich:
    return await rich_person(server)


def addresses(rich: Rich) -> list[str]:
    found = []
    for row in PAGE_ROUTES:
        if row.method == "GET" and row.path not in FOR_PROGRAMS:
            for activity_id in rich.activities if "{activity_id}" in row.path else ("",):
                for batch_id in rich.batches if "{batch_id}" in row.path else ("",):
                    names = {"activity_id": activity_id, "batch_id": batch_id, "device_id": DEVICE_ID}
                    if all(name in names for name in re.findall(r"{(\w+)}", row.path)):
                        found.append(row.path.format(**names))
    return found


async def ask(server: RunningServer, rich: Rich, path: str) -> str:
    async with server.http.get(path, headers=rich.person.headers, allow_redirects=False) as response:
        return await response.text() if response.content_type == "text/html" else ""


@pytest.fixture(scope="module")
async def pages(server: RunningServer, rich: Rich) -> dict[str, dict[str, list[str]]]:
    """Reader → address → what is read there."""
    found: dict[str, dict[str, list[str]]] = {}
    profile = f"/users/{rich.person.owner_id}/profile"
    for name, language, units in (("de", "de", "metric"), ("en", "en", "metric"), ("miles", "en", "imperial")):
        await do(server, rich.person, "PATCH", profile, {"language": language, "units": units})
        found[name] = {path: read(await ask(server, rich, path)) for path in addresses(rich)}
    return found


def test_no_page_says_the_same_in_german_as_in_english(pages: dict[str, dict[str, list[str]]]) -> None:
    wrong = [
        f"{path}: {text}"
        for path in pages["en"]
        for text in sorted(set(pages["en"][path]) & set(pages["de"][path]))
        if SAME.sub("", text) and path != "/notifications"  # a notice is in the words of the day that it was told
    ]
    assert not wrong, "wrap it (docs/WORDS.md), or is it data?\n" + "\n".join(wrong)


def test_no_german_page_has_an_english_word(pages: dict[str, dict[str, list[str]]]) -> None:
    wrong = [f"{path}: {text}" for path, texts in pages["de"].items() for text in texts if ENGLISH.search(text)]
    assert not wrong, "\n".join(wrong)


def test_no_page_is_metric_for_a_reader_of_miles(pages: dict[str, dict[str, list[str]]]) -> None:
    wrong = [
        f"{path}: {text}"
        for path, texts in pages["miles"].items()
        for text in texts
        if METRIC.search(NOT_MEASURED.sub("", text)) and path != "/notifications"
    ]
    assert not wrong, "\n".join(wrong)
