"""Every dependency is locked by version and hash, without an address."""

import json

import pytest
from policy.locks import packages_are_locked, requirements_are_locked
from policy.tree import Source, assert_holds, select, violations

HASH = "--hash=sha256:" + "0" * 64


def test_every_requirement_is_locked() -> None:
    locks = select(".txt", under=("locks/",))
    assert {lock.path for lock in locks} >= {"locks/all.txt", "locks/gateway.txt", "locks/server.txt"}
    assert_holds(requirements_are_locked, locks)


def test_every_package_is_locked() -> None:
    locks = select("package-lock.json")
    assert locks
    assert_holds(packages_are_locked, locks)


@pytest.mark.parametrize(
    "text",
    [
        f"a==1 \\\n    {HASH}\nb==2",
        f"a>=1 \\\n    {HASH}",
        f"--index-url https://example.org\na==1 {HASH}",
        f"a @ https://example.org/a.whl {HASH}",
    ],
)
def test_a_loose_requirement_is_found(text: str) -> None:
    assert len(violations(requirements_are_locked, [Source("locks/x.txt", text)])) == 1


def test_a_locked_requirement_is_let_pass() -> None:
    text = f"# a comment\na==1 ; python_version < '4' \\\n    {HASH} \\\n    {HASH}\n"
    assert violations(requirements_are_locked, [Source("locks/x.txt", text)]) == []


@pytest.mark.parametrize(
    "package", [{"version": "1"}, {"version": "1", "integrity": "sha512-x", "resolved": "https://x"}]
)
def test_a_loose_package_is_found(package: dict[str, str]) -> None:
    text = json.dumps({"packages": {"": {}, "node_modules/a": package}}, indent=1)
    (said,) = violations(packages_are_locked, [Source("package-lock.json", text)])
    assert said.startswith("package-lock.json:4 ")
