"""What the Makefile and the documents promise is there."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from policy.tree import Source

TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)(.*)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^ {4,}|`)make ([a-z][a-z-]*)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(<?([^)>\s]+)")


def line_of(text: str, position: int) -> int:
    """The number of the line at a position of a text."""
    return text.count("\n", 0, position) + 1


def targets(makefile: Source) -> set[str]:
    """The one-word commands of a Makefile."""
    return {found.group(1) for found in TARGET.finditer(makefile.text)}


def targets_have_captions(source: Source) -> Iterator[str]:
    """Of a Makefile: every command says in one line what it does, for make help."""
    for found in TARGET.finditer(source.text):
        if not re.search(r"## \w.+", found.group(2)):
            yield source.said(
                line_of(source.text, found.start()), f"{found.group(1)} has no caption: add ## and a sentence"
            )


def commands_exist(source: Source, known: Collection[str]) -> Iterator[str]:
    """Of a document: every `make word` in it is a target."""
    for found in COMMAND.finditer(source.text):
        if found.group(1) not in known:
            yield source.said(
                line_of(source.text, found.start()), f"make {found.group(1)} is no target of the Makefile"
            )


def links_resolve(source: Source, root: Path) -> Iterator[str]:
    """Of a document: every relative link leads to a file, and to a heading of it where it names one."""
    for found in LINK.finditer(source.text):
        target, _, anchor = found.group(1).partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = (root / source.path).parent / target if target else root / source.path
        line = line_of(source.text, found.start())
        if not path.exists():
            yield source.said(line, f"links to {target}, which does not exist")
        elif anchor and path.suffix == ".md" and anchor not in anchors(path.read_text()):
            yield source.said(line, f"links to #{anchor}, which is no heading of {path.name}")


def anchors(markdown: str) -> set[str]:
    """The anchors of a document's headings, made as code hosts make them."""
    headings = re.findall(r"^#+ +(.+?) *#*$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
