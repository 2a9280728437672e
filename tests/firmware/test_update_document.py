"""docs/UPDATE.md says what the code does."""

import struct

import main
from paceline_protocol import bundle
from protocol.document_tables import DOCS, assert_layouts_agree, section, table
from wearable.update import arrival, install, trial

TEXT = (DOCS / "UPDATE.md").read_text()


def test_header_and_entry_are_specified_as_they_are_packed() -> None:
    assert_layouts_agree("UPDATE.md", {1: bundle.HEADER, 2: bundle.ENTRY})


def test_refusals_are_numbered_as_in_the_code() -> None:
    rows = table(section("UPDATE.md", "## Refusals"))
    assert [(int(row[0]), row[1]) for row in rows] == list(enumerate(bundle.REFUSALS))[1:]


def test_the_record_is_specified_as_it_is_packed() -> None:
    rows = table(section("UPDATE.md", "### The record `app`"))
    assert "<" + "".join(row[2] for row in rows) == trial.FORMAT
    formats = [row[2] for row in rows]
    assert [int(row[0]) for row in rows] == [struct.calcsize("<" + "".join(formats[:i])) for i in range(len(rows))]
    states = ("settled", "on trial", "rolled back", "rolled back and told")
    assert rows[2][3] == ", ".join(f"{number} {state}" for number, state in enumerate(states))
    assert (trial.SETTLED, trial.ON_TRIAL, trial.ROLLED_BACK, trial.TOLD) == (0, 1, 2, 3)


def test_the_loader_and_the_copies_agree() -> None:
    rows = table(section("UPDATE.md", "## The copies"))
    folders = tuple("" if row[1] == "(root)" else row[1] for row in rows)
    assert main.FOLDERS == trial.FOLDERS == folders
    assert (main.ON_TRIAL, main.ROLLED_BACK) == (trial.ON_TRIAL, trial.ROLLED_BACK)
    why = table(section("UPDATE.md", "## Trial"))
    assert [int(row[0]) for row in why] == [main.USED_UP, main.RAISED, main.KEPT_DYING]


def test_figures_are_those_of_the_code() -> None:
    for said in (
        f"At most {bundle.MAX_FILES} files",
        f"at most {bundle.MAX_FILE} bytes",
        f"{bundle.MAX_TOTAL} bytes in all",
        f"ASCII, at most {bundle.MAX_PATH}",
        f'info = "{bundle.KEY_INFO.decode()}"',
        f"all {bundle.TAG_SIZE} bytes",
        f"A new copy has {trial.TRIES} boots",
        f"lived {trial.PROVEN_S} s",
        f"after {trial.PATIENCE_S // 3600} hours",
        f"blob of kind {arrival.KIND}",
        f"`{bundle.MAGIC.decode()}`",
    ):
        assert said in TEXT, said
    assert install.ATTEMPTS == 3 and "three times in vain" in TEXT
    for path in bundle.REQUIRED:
        assert f"`{path}`" in TEXT
    for folder in bundle.FOLDERS:
        assert f"`{folder}…`" in TEXT
