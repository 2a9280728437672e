"""Whose words a page is in, and what the catalogues' reader makes of a .po file."""

import pytest
from paceline_server.keys import DATABASE, PROFILES
from paceline_server.profile.store import reader_of
from paceline_server.words.catalogue import catalogue_of
from paceline_server.words.reader import Reader, chosen, read_by
from paceline_server.words.retold import retold
from paceline_server.words.speech import Said, gettext, ngettext
from server.running_server import Person, RunningServer


@pytest.mark.parametrize(
    ("told", "accepted", "language"),
    [
        ("", "", "en"),
        ("de", "en", "de"),
        ("de-CH", "", "de"),
        ("en-US", "de", "en-US"),
        ("fr", "de", "de"),
        ("", "fr, de;q=0.5, en;q=0.4", "de"),
        ("", "en-US,en;q=0.9,de;q=0.8", "en"),
        ("", "*, ;;q=x, de;q=nonsense", "en"),
    ],
)
def test_the_language_is_the_one_that_was_told_else_the_best_accepted(told: str, accepted: str, language: str) -> None:
    assert chosen(told, accepted) == language


def test_a_catalogue_has_plurals_contexts_and_no_guesses() -> None:
    text = (
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n>1;\\n"\n\n'
        'msgid "%(n)s run"\nmsgid_plural "%(n)s runs"\nmsgstr[0] "%(n)s Lauf"\nmsgstr[1] "%(n)s "\n"Läufe"\n\n'
        'msgctxt "verb"\nmsgid "Save"\nmsgstr "Sichern \\"jetzt\\""\n\n'
        '#, fuzzy\nmsgid "Run"\nmsgstr "Rennen"\n\n#~ msgid "Old"\n#~ msgstr "Alt"\n\nmsgid "New"\nmsgstr ""\n'
    )
    known = catalogue_of(text)
    assert known.forms == {"%(n)s run": ("%(n)s Lauf", "%(n)s Läufe"), "verb\x04Save": ('Sichern "jetzt"',)}
    assert [known.form_of(n) for n in (0, 1, 2)] == [0, 0, 1]
    with pytest.raises(ValueError, match="not a line"):
        catalogue_of('msgid "a\nmsgstr "b"')


def test_words_are_the_readers() -> None:
    later = Said("Log out")
    with read_by(Reader("de")):
        assert gettext("Log out") == str(later) == "Abmelden"
        assert gettext("%(a)s, which nobody has translated", a=1) == "1, which nobody has translated"
    assert gettext("Log out") == str(later) == "Log out"
    assert ngettext("%(n)s thing", "%(n)s things", 2) == "2 things"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("The file is empty (a b.gpx)", "Die Datei ist leer (a b.gpx)"),
        ("No track point has a time (of 3) (trk)", "Kein Punkt der Strecke hat eine Zeit (von 3) (trk)"),
        ("x.json was left out: The zip is empty (x.zip)", "x.json wurde ausgelassen: Das Zip ist leer (x.zip)"),
        ("The zip holds two parts of one name.", "Das Zip enthält zwei Teile desselben Namens."),
        ("One clock is 1.5 s ahead.", "Eine Uhr geht 1,5 s vor."),
        (
            "They hold nothing that could be compared. One clock is 12 s ahead.",
            "Sie enthalten nichts, das sich vergleichen ließe. Eine Uhr geht 12 s vor.",
        ),
        ("Something that nobody says (here).", "Something that nobody says (here)."),
        ("100 % of it", "100 % of it"),
        ("", ""),
    ],
)
def test_what_is_kept_in_english_is_said_in_the_readers_language(kept: str, said: str) -> None:
    with read_by(Reader("de")):
        assert retold(kept) == said
    assert retold(kept) == kept


def test_figures_of_what_is_kept_are_in_the_readers_units() -> None:
    kept = "The distances of the common time are 8,046 m and 16.1 km."
    with read_by(Reader("en", "imperial")):
        assert retold(kept) == "The distances of the common time are 26,398 ft and 10.00 mi."
    with read_by(Reader("de")):
        assert retold(kept) == "In der gemeinsamen Zeit sind es 8.046 m und 16,1 km."


@pytest.mark.parametrize("one_server", ["sqlite"], indirect=True)
async def test_a_page_is_in_the_readers_language_and_a_change_counts_at_once(
    one_server: RunningServer, someone: Person
) -> None:
    server = one_server

    async def page(path: str, headers: dict[str, str]) -> tuple[str, str, str]:
        async with server.http.get(path, headers=headers) as response:
            return await response.text(), response.headers["Content-Language"], response.headers["Vary"]

    text, language, vary = await page("/login", {"Accept-Language": "de-CH,de;q=0.9"})
    assert '<html lang="de"' in text and language == "de" and "Accept-Language" in vary and "Cookie" in vary
    assert (await page("/nowhere", {"Accept-Language": "de"}))[1] == "de"
    assert (await page("/login", {}))[1] == "en"
    german = {"Accept-Language": "de"}
    assert (await page("/goals", someone.headers | german))[1] == "de"
    for told in ("en", "de"):
        path = f"/api/v1/users/{someone.owner_id}/profile"
        async with server.http.patch(path, json={"language": told}, headers=someone.headers) as response:
            assert response.status == 200
        text, language, _ = await page("/goals", someone.headers | german)
        assert language == told and ("Abmelden" in text) is (told == "de")
    assert (await page("/goals", someone.headers))[1] == "de"


@pytest.mark.parametrize("one_server", ["sqlite"], indirect=True)
async def test_weeks_begin_where_the_profile_says_else_where_the_language_does(
    one_server: RunningServer, someone: Person
) -> None:
    profiles, owner_id = one_server.app[PROFILES], someone.owner_id
    for change, day in (({}, 0), ({"language": "en-US"}, 6), ({"first_weekday": 5}, 5), ({"first_weekday": None}, 6)):
        await profiles.change(owner_id, change)
        assert await profiles.first_weekday(owner_id) == day
    assert await profiles.first_weekday(owner_id, 2) == 2
    goal = {"goal_type": "weekly_count", "target_value": 3}
    async with one_server.http.post("/api/v1/goals", json=goal, headers=someone.headers) as response:
        assert (await response.json())["first_weekday"] == 6


@pytest.mark.parametrize("one_server", ["sqlite"], indirect=True)
async def test_letters_are_in_the_language_that_the_browser_asked_for_last(
    one_server: RunningServer, someone: Person
) -> None:
    database, owner_id = one_server.app[DATABASE], someone.owner_id
    before = await one_server.app[PROFILES].get(owner_id)
    for accepted, language in (("de-CH,de;q=0.9", "de"), ("", "de"), ("en", "en")):
        headers = someone.headers | ({"Accept-Language": accepted} if accepted else {})
        async with one_server.http.get("/more", headers=headers) as response:
            assert response.status == 200
        assert (await database.read(reader_of, owner_id)).language == language
    assert await one_server.app[PROFILES].get(owner_id) == before
