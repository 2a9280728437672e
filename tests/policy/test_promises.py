"""Every command that is promised exists and explains itself, and every link leads somewhere."""

from pathlib import Path

from policy.promises import anchors, commands_exist, links_resolve, targets, targets_have_captions
from policy.tree import ROOT, Source, assert_holds, select


def test_every_target_has_a_caption() -> None:
    assert_holds(targets_have_captions, select("Makefile"))


def test_every_command_of_the_documents_is_a_target() -> None:
    known = set().union(*(targets(makefile) for makefile in select("Makefile")))
    assert {"help", "run", "test", "check", "bench"} <= known
    assert_holds(lambda document: commands_exist(document, known), select(".md"))


def test_every_link_of_the_documents_resolves() -> None:
    assert_holds(lambda document: links_resolve(document, ROOT), select(".md"))


def test_a_target_without_a_caption_is_found() -> None:
    makefile = Source("Makefile", "X := 1\nrun: env ## Run it\n\tx\ntest: env\n\ty\n")
    assert [said.split(" ")[:2] for said in targets_have_captions(makefile)] == [["Makefile:4", "test"]]
    assert targets(makefile) == {"run", "test"}


def test_a_command_that_is_no_target_is_found() -> None:
    document = Source("README.md", "Then `make run X=1`.\n\n    make sail\n\nmake sense of it")
    assert list(commands_exist(document, {"run"})) == ["README.md:3 make sail is no target of the Makefile"]


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A Heading, of `sorts`\n")
    text = "[a](there.md) [b](there.md#a-heading-of-sorts) [c](https://example.org)\n[d](gone.md)\n![e](there.md#gone)"
    said = list(links_resolve(Source("README.md", text), tmp_path))
    assert [line.partition(" ")[0] for line in said] == ["README.md:2", "README.md:3"]


def test_anchors_are_those_of_the_headings() -> None:
    assert anchors("# One\n\n## Two & three\ntext\n") == {"one", "two--three"}
