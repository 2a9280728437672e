"""Private names are given numbers; names that never meet share one.

One original name has one number everywhere. Two of them meet when they are in the same file, or in files whose classes
derive from each other, or when one file reaches into the other's objects.
"""

import ast
from collections.abc import Mapping

from paceline_tools.shorten.edits import Edit, edited, in_formatted_strings, name_places


def share_private_names(sources: Mapping[str, str], entry_points: Mapping[str, str]) -> dict[str, str]:
    """Return the sources with private names (one leading underscore) shortened, but for those that entry points use."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    used = {name: _private(trees[name], text) for name, text in sources.items()}
    fixed = {name for tree in trees.values() for name in _fixed(tree)}
    for text in entry_points.values():
        fixed |= _private(ast.parse(text), text)
    numbers = _numbered(_groups(trees, used), fixed)
    return {name: _renamed(text, trees[name], numbers) for name, text in sources.items()}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and len(name) > 1


def _private(tree: ast.Module, text: str) -> set[str]:
    return {name for name, *_ in name_places(tree, text) if _is_private(name)}


def _fixed(tree: ast.Module) -> set[str]:
    """Return private names that must stay: those in f-strings, in strings, and declared global."""
    hidden = in_formatted_strings(tree)
    fixed: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) in hidden:
            fixed.add(node.id)
        elif isinstance(node, ast.Attribute) and id(node) in hidden:
            fixed.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_private(node.value):
            fixed.add(node.value)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            fixed |= set(node.names)
        elif isinstance(node, ast.alias) and node.asname:
            fixed |= {node.asname, node.name}
    return fixed


def _groups(trees: Mapping[str, ast.Module], used: Mapping[str, set[str]]) -> list[set[str]]:
    """Return sets of names that meet: of files, joined where classes or accesses tie the files."""
    leader = {name: name for name in trees}

    def root(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    homes: dict[str, list[str]] = {}
    for module, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(module)
    for module, tree in trees.items():
        reached = {home for base in _bases(tree) for home in homes.get(base, [])}
        foreign = _foreign(tree)
        reached |= {other for other, names in used.items() if names & foreign}
        for other in reached:
            leader[root(other)] = root(module)
    groups: dict[str, set[str]] = {}
    for module in trees:
        groups.setdefault(root(module), set()).update(used[module])
    return list(groups.values())


def _bases(tree: ast.Module) -> set[str]:
    bases = [base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
    return {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in bases}


def _foreign(tree: ast.Module) -> set[str]:
    # Private names imported from elsewhere, or of objects that are not self.
    foreign: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not (
            isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        ):
            foreign.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            foreign |= {alias.name for alias in node.names}
    return {name for name in foreign if _is_private(name)}


def _numbered(groups: list[set[str]], fixed: set[str]) -> dict[str, str]:
    meets: dict[str, set[str]] = {}
    for group in groups:
        for name in group:
            meets.setdefault(name, set()).update(group)
    numbers: dict[str, int] = {}
    for name in sorted(meets, key=lambda name: (-len(meets[name]), name)):
        if name in fixed:
            continue
        taken = {numbers[other] for other in meets[name] if other in numbers}
        number = 0
        while number in taken:
            number += 1
        numbers[name] = number
    return {name: f"_{number}" for name, number in numbers.items()}


def _renamed(text: str, tree: ast.Module, numbers: Mapping[str, str]) -> str:
    edits: list[Edit] = [
        (line, begin, begin + len(name.encode()), numbers[name])
        for name, line, begin, _ in name_places(tree, text)
        if name in numbers
    ]
    return edited(text, edits)
