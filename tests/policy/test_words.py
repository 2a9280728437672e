"""Whatever people read goes through gettext, and German has all of it."""

import ast
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from paceline_server.words.catalogue import Entry, catalogue_of, entries, key_of
from paceline_server.words.templates import speaking
from paceline_tools.told_words import told_in
from paceline_tools.words import FOLDER, SERVER, every_message

READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "label"}
SAME_EVERYWHERE = re.compile(
    r"Paceline|Home Assistant|kcal|bpm|[KMG]iB|KEY|XXXX|min|API|FIT|GPX|(https?://|/)\S*|[\d\W_]|\b\w\b"
)
FIGURE = re.compile(r"%\((\w+)\)s")
GERMAN = FOLDER / "de.po"


class Visible(HTMLParser):
    """Collects what people read of a page whose looked-up texts are gone; scripts, styles and code are not read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "pre", "svg"):
            self._within.append(tag)
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.found.append(data)


def unsaid(environment: Environment, source: str) -> Iterator[str]:
    """Yield the texts of a template that no catalogue has: those that stand in it, and those of its expressions."""
    tree = environment.parse(source)
    visible = Visible()
    visible.feed("".join(_plain(node) for node in _outputs(tree)))
    for text in visible.found:
        if SAME_EVERYWHERE.sub("", text).strip():
            yield " ".join(text.split())
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.CondExpr):
                yield from _constants(node)


def _outputs(tree: nodes.Template) -> Iterator[nodes.Expr]:
    for output in tree.find_all(nodes.Output):
        yield from output.nodes


def _plain(node: nodes.Expr) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else "1"


def _constants(node: nodes.CondExpr) -> Iterator[str]:
    for each in (node.expr1, node.expr2):
        if isinstance(each, nodes.Const) and isinstance(each.value, str) and re.match(r"[A-Z][a-z]+", each.value):
            yield each.value


def german() -> list[Entry]:
    """Return the entries of the German catalogue."""
    return [entry for entry in entries(GERMAN.read_text("utf-8")) if entry.message]


def test_every_template_says_nothing_of_its_own() -> None:
    environment = speaking(Environment(trim_blocks=True, lstrip_blocks=True))
    pages = sorted((SERVER / "templates").rglob("*.html"))
    found = [f"{path.name}: {text}" for path in pages for text in unsaid(environment, path.read_text("utf-8"))]
    assert not found, "wrap it: {{ _(…) }} (docs/WORDS.md)\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{{ _("Hello") }} 12 kcal</p>', []),
        ('<a title="Go {{ x }}">{% trans %}Go{% endtrans %}</a>', ["Go 1"]),
        ('<p>{{ "Yes" if x else _("No") }}</p>', ["Yes"]),
        ("<code>make run</code>", []),
    ],
)
def test_the_rule_sees_what_is_not_wrapped(source: str, said: list[str]) -> None:
    assert list(unsaid(speaking(Environment()), source)) == said


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('told("All of it.")', ["All of it."]),
        ('warnings.append(told(f"{self.left} of 100 % {x[:3]!r} {x}"))', []),
        (
            'warnings.append(told(f"{self.left} of 100 % went: {x[:3]!r} {x}"))',
            ["%(left)s of 100 %% went: %(x)s %(x_2)s"],
        ),
        (
            'FormatError(f"Larger than {MOST >> 20} MiB", f"{name}, line {n}")',
            ["Larger than %(most)s MiB", "%(name)s, line %(n)s"],
        ),
        ('InvalidError("field", f"At most {MOST} goals.")', ["At most %(most)s goals."]),
        ('FormatError("The file is empty", "zip file")', ["The file is empty"]),
        ('note(1, 2, "seal", f"page {number} altered")', ["page %(number)s altered"]),
    ],
)
def test_what_is_told_is_found_with_its_figures(source: str, told: list[str]) -> None:
    assert [message for _line, message in told_in(ast.parse(source), errors=True)] == told


def test_german_is_complete_and_has_nothing_else() -> None:
    text = GERMAN.read_text("utf-8")
    missing = [entry.message for entry in german() if not all(entry.forms)]
    assert not missing, "write the German into words/de.po:\n" + "\n".join(missing)
    assert "#~" not in text and "fuzzy" not in text
    listed = [key_of(entry.message, entry.context) for entry in german()]
    assert sorted(listed) == sorted({message.key for message in every_message()}), "make words"


def test_each_form_has_the_figures_of_its_message() -> None:
    for entry in german():
        wanted = set(FIGURE.findall(entry.message + (entry.plural or "")))
        for form in entry.forms:
            found = set(FIGURE.findall(form))
            assert found == wanted or (entry.plural is not None and found <= wanted | {"num", "n"}), entry.message
            assert form % dict.fromkeys(found, "1") and entry.message % dict.fromkeys(wanted, "1")
        assert len(entry.forms) == (1 if entry.plural is None else 2), entry.message


def test_our_reader_reads_what_babel_reads() -> None:
    text = GERMAN.read_text("utf-8")
    known = {}
    for message in read_po(io.StringIO(text)):
        name = message.id if isinstance(message.id, str) else message.id[0]
        if name:
            said = message.string
            forms = (said,) if isinstance(said, str) else tuple(said or ())
            known[key_of(name, message.context)] = forms
    assert dict(catalogue_of(text).forms) == known


def test_no_catalogue_lies_elsewhere() -> None:
    assert list(Path(SERVER).rglob("*.po")) == [GERMAN]
