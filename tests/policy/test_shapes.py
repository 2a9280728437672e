"""Files hold one idea, functions are one step, names say something."""

import pytest
from policy.shapes import (
    LONGEST_FILE,
    LONGEST_FUNCTION,
    c_functions_are_short,
    file_is_short,
    functions_are_short,
    name_says_something,
)
from policy.tree import Source, assert_holds, select, violations


def test_files_are_short() -> None:
    assert_holds(file_is_short, select(".py", ".pyi", ".c", ".h", ".ts", ".css", ".mjs", ".html", ".j2"))


def test_functions_are_short() -> None:
    assert_holds(functions_are_short, select(".py"))
    assert_holds(c_functions_are_short, select(".c", ".h"))


def test_names_say_something() -> None:
    assert_holds(name_says_something, select(".py", ".c", ".h", ".ts", ".css", ".mjs"))


def test_a_long_file_is_found() -> None:
    assert violations(file_is_short, [Source("a.py", "x = 1\n" * LONGEST_FILE)]) == []
    assert violations(file_is_short, [Source("a.css", "x\n" * LONGEST_FILE + "y")])


@pytest.mark.parametrize("head", ["def f():\n", "class C:\n  async def f(self):\n"])
def test_a_long_function_is_found(head: str) -> None:
    assert violations(functions_are_short, [Source("a.py", head + "    x = 1\n" * (LONGEST_FUNCTION - 1))]) == []
    assert violations(functions_are_short, [Source("a.py", head + "    x = 1\n" * LONGEST_FUNCTION)])


@pytest.mark.parametrize("head", ["int f(void) {\n", "INLINED bool f(\n    int a\n) {\n"])
def test_a_long_function_of_c_is_found(head: str) -> None:
    lines = LONGEST_FUNCTION - 1 - head.count("\n")
    table = "static const int TABLE[] = {\n" + "    1,\n" * LONGEST_FUNCTION + "};\n"
    assert violations(c_functions_are_short, [Source("a.c", table + head + "    x;\n" * lines + "}\n")]) == []
    assert violations(c_functions_are_short, [Source("a.c", table + head + "    x;\n" * (lines + 1) + "}\n")])


@pytest.mark.parametrize(
    "path", ["server/paceline_server/utils.py", "server/common/x.py", "web/src/helpers.ts", "a/_base.py"]
)
def test_an_empty_name_is_found(path: str) -> None:
    assert violations(name_says_something, [Source(path, "")])
