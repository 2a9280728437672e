"""The board's modules have the names and parameters of the ESP32 port (micropython-esp32-stubs)."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import missing
from paceline_tools.virtual.process import BOARD

# Whose definitions make up each module of the board.
MODULES = {
    "bluetooth": ["bluetooth.py", "silicon/uuid.py"],
    "esp32": ["esp32.py"],
    "machine": [
        "machine.py",
        "silicon/machine_buses.py",
        "silicon/machine_pins.py",
        "silicon/machine_time.py",
    ],
    "time": ["time.py"],
    "select": ["select.py"],
}
# What the board's own side calls, and no firmware.
OWN = {"UUID.hex", "UART.ioctl", "Timer.next_event_us", "Timer.run"}
UNNAMED = {"__init__", "__new__"}

Definitions = dict[str, list[ast.FunctionDef]]


def stub(module: str) -> Path:
    for name in (f"{module}.pyi", f"_mpy_shed/{module}.pyi", f"{module}/__init__.pyi"):
        for site in _sites():
            if (site / name).exists():
                return site / name
    missing(f"micropython-esp32-stubs has no {module}")
    raise AssertionError


def _sites() -> Iterator[Path]:
    spec = importlib.util.find_spec("bumble")
    assert spec is not None and spec.origin is not None
    site = Path(spec.origin).parents[1]
    yield site
    yield site / "stdlib"


def definitions(path: Path) -> tuple[Definitions, set[str]]:
    """Public functions and methods by dotted name, each overload, and public constants."""
    functions: Definitions = {}
    constants: set[str] = set()

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef) and (node.name in UNNAMED or not node.name.startswith("_")):
                functions.setdefault(prefix + node.name, []).append(node)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                constants.add(prefix + node.target.id)
            elif isinstance(node, ast.Assign):
                constants.update(prefix + target.id for target in node.targets if isinstance(target, ast.Name))
            elif isinstance(node, ast.If):
                visit(node.body, prefix)

    visit(ast.parse(path.read_text()).body, "")
    return functions, constants


def positional(function: ast.FunctionDef) -> list[str]:
    return [argument.arg.lstrip("_") for argument in (*function.args.posonlyargs, *function.args.args)]


def keywords(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in function.args.kwonlyargs} | set(positional(function))


@pytest.mark.parametrize("module", MODULES)
def test_every_name_exists_on_the_real_board(module: str) -> None:
    real_functions, real_constants = definitions(stub(module))
    real = {name.lower() for name in (*real_functions, *real_constants)}
    for file in MODULES[module]:
        functions, constants = definitions(BOARD / file)
        mine = {name for name in (*functions, *constants) if name.rpartition(".")[2] not in UNNAMED}
        absent = {name for name in mine if not name.rpartition(".")[2].startswith("_") and name.lower() not in real}
        assert absent <= OWN, f"{file} has what {module} has not"


@pytest.mark.parametrize("module", MODULES)
def test_every_call_that_fits_here_fits_the_real_board(module: str) -> None:
    real_functions, _ = definitions(stub(module))
    checked = 0
    for file in MODULES[module]:
        for name, (function, *_more) in definitions(BOARD / file)[0].items():
            overloads = real_functions.get(name)
            if not overloads or name.rpartition(".")[2] in UNNAMED:
                continue
            checked += 1
            required = len(function.args.args) - len(function.args.defaults)
            wanted = positional(function)[:required]
            assert any(len(positional(real)) >= len(wanted) or real.args.vararg for real in overloads), name
            if any(real.args.kwarg for real in overloads):
                continue
            known = set().union(*(keywords(real) for real in overloads))
            unknown = {argument.arg for argument in function.args.kwonlyargs} - known
            assert not unknown, f"{module}.{name} takes {unknown}, which the board does not"
    assert checked > 0
