"""Integer constants of modules become literals where they are used, and their definitions go when nobody is left."""

import ast
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field

from paceline_tools.shorten.edits import Edit, edited, in_formatted_strings, name_places

_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.Pow: operator.pow,
}
_LARGEST = 1 << 30  # beyond, a literal is an object anyway


@dataclass
class _Module:
    name: str
    text: str
    tree: ast.Module
    package: str
    constants: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)  # constants that were imported
    modules: dict[str, str] = field(default_factory=dict)  # modules of ours that were imported, by their name here


def inline_constants(sources: Mapping[str, str], entry_points: Mapping[str, str]) -> dict[str, str]:
    """Return the sources without constants that are integers; `entry_points` use some, too, and stay."""
    packages = {name.rpartition(".")[0] for name in sources}
    modules = {
        name: _Module(name, text, ast.parse(text), name if name in packages else name.rpartition(".")[0])
        for name, text in sources.items()
    }
    done: set[str] = set()
    for name in modules:
        _resolve(name, modules, done)
    inlined = {name: edited(module.text, _uses(module, modules)) for name, module in modules.items()}
    kept = _names_left(inlined, modules) | {
        name for text in entry_points.values() for name, *_ in name_places(ast.parse(text), text)
    }
    return {name: _without_definitions(text, modules[name].constants, kept) for name, text in inlined.items()}


def _resolve(name: str, modules: dict[str, _Module], done: set[str]) -> None:
    # Imports first, for a constant may be made of another module's.
    if name in done:
        return
    done.add(name)
    module = modules[name]
    bound_twice = _bound_inside(module.tree)
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom):
            _import(node, module, modules, done, bound_twice)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            value = _value(node.value, module, modules)
            if value is not None and target not in bound_twice and abs(value) < _LARGEST:
                module.constants[target] = value


def _import(
    node: ast.ImportFrom, module: _Module, modules: dict[str, _Module], done: set[str], bound_twice: set[str]
) -> None:
    base = module.package.split(".")[: len(module.package.split(".")) - node.level + 1] if node.level else []
    origin = ".".join([*base, *([node.module] if node.module else [])])
    for alias in node.names:
        here = alias.asname or alias.name
        if here in bound_twice:
            continue
        if f"{origin}.{alias.name}" in modules:
            _resolve(f"{origin}.{alias.name}", modules, done)
            module.modules[here] = f"{origin}.{alias.name}"
        elif origin in modules:
            _resolve(origin, modules, done)
            known = modules[origin].constants | modules[origin].names
            if alias.name in known:
                module.names[here] = known[alias.name]


def _bound_inside(tree: ast.Module) -> set[str]:
    """Return the names that a function binds, or the module twice: what they mean depends on the place."""
    bound: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.append(node.id)
        elif isinstance(node, ast.arg):
            bound += [node.arg] * 2
        elif isinstance(node, ast.Global | ast.Nonlocal):
            bound += node.names * 2
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.append(node.name)
        elif isinstance(node, ast.alias):
            bound.append(node.asname or node.name)
    at_top = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    } | {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    return {name for name in bound if bound.count(name) > 1 or name not in at_top}


def _value(node: ast.expr, module: _Module, modules: dict[str, _Module]) -> int | None:
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.Name):
        return module.constants.get(node.id, module.names.get(node.id))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        of = modules.get(module.modules.get(node.value.id, ""))
        return of.constants.get(node.attr) if of else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const":
        return _value(node.args[0], module, modules)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand, module, modules)
        return None if value is None else -value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left, module, modules), _value(node.right, module, modules)
        return None if left is None or right is None else _OPERATIONS[type(node.op)](left, right)
    return None


def _uses(module: _Module, modules: dict[str, _Module]) -> list[Edit]:
    known = module.constants | module.names
    hidden = in_formatted_strings(module.tree)
    edits: list[Edit] = []
    for node in ast.walk(module.tree):
        value = None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = known.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            value = _value(node, module, modules)
        if value is not None and id(node) not in hidden and isinstance(node, ast.expr) and node.end_col_offset:
            literal = str(value) if value >= 0 else f"({value})"
            edits.append((node.lineno, node.col_offset, node.end_col_offset, literal))
    return edits + _imports_less(module, hidden)


def _imports_less(module: _Module, hidden: set[int]) -> list[Edit]:
    still = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name) and id(node) in hidden}
    gone = set(module.names) - still
    edits: list[Edit] = []
    for node in module.tree.body:
        if not isinstance(node, ast.ImportFrom) or not gone & {alias.asname or alias.name for alias in node.names}:
            continue
        left = [ast.unparse(alias) for alias in node.names if (alias.asname or alias.name) not in gone]
        origin = "." * node.level + (node.module or "")
        statement = f"from {origin} import {', '.join(left)}" if left else f"import {origin}" if not node.level else ""
        edits += _replaced(node, statement or "pass")
    return edits


def _replaced(node: ast.stmt, new: str) -> list[Edit]:
    # A statement over several lines leaves empty ones.
    last = node.end_lineno or node.lineno
    if last == node.lineno:
        return [(node.lineno, node.col_offset, node.end_col_offset or 0, new)]
    edits: list[Edit] = [(node.lineno, node.col_offset, 1 << 30, new)]
    edits += [(line, 0, 1 << 30, "") for line in range(node.lineno + 1, last)]
    return [*edits, (last, 0, node.end_col_offset or 0, "")]


def _names_left(texts: Mapping[str, str], modules: dict[str, _Module]) -> set[str]:
    left: set[str] = set()
    for name, text in texts.items():
        tree = ast.parse(text)
        own = {
            id(node.targets[0])
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in modules[name].constants
        }
        left |= {found for found, _, _, node in name_places(tree, text) if id(node) not in own}
        left |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return left


def _without_definitions(text: str, constants: Mapping[str, int], kept: set[str]) -> str:
    edits: list[Edit] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in constants and name not in kept:
                edits += _replaced(node, "pass")
    return edited(text, edits)
