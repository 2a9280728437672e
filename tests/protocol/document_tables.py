"""Reads the Markdown tables of the specifications, so that tests can compare them with the code."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"

Row = list[str]


def section(document: str, heading: str) -> str:
    """Return the text under a heading, up to the next heading of the same or a higher level."""
    text = (DOCS / document).read_text()
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.M | re.S)
    assert found, f"{document} has no heading {heading!r}"
    return found[1]


def table(text: str) -> list[Row]:
    """Return the rows of the first table of a text, without its head; code marks are taken off."""
    rows = re.search(r"^\|.*\n\|[-| ]+\|\n((?:\|.*\n)*)", text, re.M)
    if not rows:
        return []
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in rows[1].splitlines()]


def numbered(document: str) -> dict[int, tuple[str, list[Row]]]:
    """Return number → (name, rows) of the headings like "### 3 SESSION_START"."""
    names = re.findall(r"^### (\d+) ([A-Z_]+)$", (DOCS / document).read_text(), re.M)
    return {int(number): (name, table(section(document, f"### {number} {name}"))) for number, name in names}


def assert_layouts_agree(document: str, layouts: dict[int, object]) -> None:
    """Assert that the document has exactly these layouts: numbers, names, offsets, formats."""
    import struct

    written = numbered(document)
    for number, layout in layouts.items():
        name, rows = written[number]
        assert name == layout.name  # type: ignore[attr-defined]
        fields = layout.fields  # type: ignore[attr-defined]
        assert [(row[1], row[2]) for row in rows] == list(fields), name
        formats = [form for _, form in fields]
        offsets = [struct.calcsize("<" + "".join(formats[:i])) for i in range(len(formats))]
        assert [int(row[0]) for row in rows] == offsets, name


def assert_code_tables_agree(text: str, module: object) -> None:
    """Assert that the table of codes says what the module's tuples say."""
    rows = table(text)
    assert rows
    for name, *words in rows:
        codes = getattr(module, name)
        assert words[: len(codes)] == list(codes), name
        assert not any(words[len(codes) :]), name
