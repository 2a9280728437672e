"""Modules merged into few: what is imported together lies together, and nothing lies there that nobody reaches.

A module costs its dictionary, its tables of names and of imports: some 200 bytes of heap, and 8 more for each import.
What a function imports when it is called stays apart, with all that only it needs.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from paceline_tools.shorten.attributes import share_attributes
from paceline_tools.shorten.naming import chosen_names
from paceline_tools.shorten.pieces import LATE, MergeError, Piece, Program, globals_in, late_in, words_in
from paceline_tools.shorten.reach import without_unreached

LARGEST = 130_000  # characters

Origin = tuple[str, int]
"""Where a line came from: a module and its line, from 1."""


@dataclass
class Merged:
    """Sources by module name; `lines` has for each the origin of each line, None where there is none.

    `places` tells of each `module:name` that is left in which module it lies now, and under what name.
    """

    texts: dict[str, str]
    lines: dict[str, list["Origin | None"]]
    places: dict[str, tuple[str, str]]

    def importing(self, text: str) -> str:
        """Return a script that imported from the sources as it has to import now."""
        tree = ast.parse(text)
        homes = {name.split(":")[0] for name in self.places}
        for node in ast.walk(tree):
            for field, value in ast.iter_fields(node):
                if isinstance(value, list) and any(isinstance(one, ast.ImportFrom) for one in value):
                    setattr(node, field, [now for one in value for now in self._imports(one, homes)])
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"

    def _imports(self, node: ast.AST, homes: set[str]) -> list[ast.AST]:
        if not isinstance(node, ast.ImportFrom) or not node.module:
            return [node]
        now: list[ast.AST] = []
        for alias in node.names:
            if f"{node.module}.{alias.name}" in homes:
                continue  # a module, for its effects
            if node.module not in homes:
                return [node]
            place, name = self.places[f"{node.module}:{alias.name}"]
            now.append(ast.ImportFrom(place, [ast.alias(name, alias.asname or alias.name)], 0))
        return now or [ast.Pass()]


def merged(sources: Mapping[str, str], entry_points: Mapping[str, str], users: Mapping[str, str]) -> Merged:
    """Merge; entry points stay as they are and say where the program is entered, users are told by importing()."""
    program = Program(sources)
    kept = {name for text in entry_points.values() for name in _imported(text, program)}
    entered = kept | {name for text in users.values() for name in _imported(text, program)}
    words = {word for text in (*entry_points.values(), *users.values()) for word in words_in(ast.parse(text))}
    pieces = without_unreached(program.pieces, entered, words)
    program.in_classes |= share_attributes(pieces, words)
    groups = dict(_divided(_grouped(program, pieces, kept)))
    return _written(program, groups, kept)


def _imported(text: str, program: Program) -> set[str]:
    return {
        program.meant(node.module, alias.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module in program.modules
        for alias in node.names
        if f"{node.module}.{alias.name}" not in program.modules
    }


def _grouped(program: Program, pieces: list[Piece], entered: set[str]) -> dict[str, list[Piece]]:
    """Return the pieces by the module that they are to lie in, in the order in which they would have run."""
    definers: dict[str, list[Piece]] = {}
    for piece in pieces:
        for name in piece.defines:
            definers.setdefault(name, []).append(piece)

    def reached(names: Iterable[str]) -> set[int]:
        found: set[int] = set()
        waiting = list(names)
        while waiting:
            for piece in definers.get(waiting.pop(), []):
                if id(piece) not in found:
                    found.add(id(piece))
                    waiting += globals_in(piece.node)
        return found

    late_of = {id(piece): late_in(piece.node) for piece in pieces}
    late = sorted(set[str]().union(*late_of.values()))
    first = min((name.split(":")[0] for name in entered), key=lambda name: (not name.endswith(".start"), name))
    roots = {name.split(":")[0]: set[str]() for name in late}
    for name in late:
        roots[name.split(":")[0]].add(name)
    reach = {root: reached(names) for root, names in roots.items()} | {first: reached(entered)}
    elsewhere = set[int]().union(*reach.values())
    reach[first] |= {id(piece) for piece in pieces if id(piece) not in elsewhere}
    importers = {
        root: {
            other
            for other, inside in reach.items()
            if other != root and any(late_of[piece] & roots[root] for piece in inside)
        }
        for root in roots
    }
    groups: dict[str, list[Piece]] = {}
    rank = {name: number for number, name in enumerate(_in_order(program, [first, *roots]))}
    for piece in sorted(pieces, key=lambda piece: rank[piece.module]):
        wanted = {root for root, inside in reach.items() if id(piece) in inside}
        groups.setdefault(_home(wanted, first, importers), []).append(piece)
    return groups


def _divided(groups: Mapping[str, list[Piece]]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield the groups, large ones in parts: while a module is loaded it needs room for what is thrown away then."""
    for group, pieces in groups.items():
        sizes = [len(ast.unparse(piece.node)) for piece in pieces]
        enough = sum(sizes) / -(-sum(sizes) // LARGEST)
        parts: list[list[Piece]] = [[]]
        done = 0
        for piece, size in zip(pieces, sizes, strict=True):
            if done >= enough * len(parts) and piece.module != parts[-1][-1].module:
                parts.append([])
            parts[-1].append(piece)
            done += size
        for number, part in enumerate(parts[:-1], 1):
            yield f"{group}_{number}", part
        yield group, parts[-1]


def _home(wanted: set[str], first: str, importers: Mapping[str, set[str]]) -> str:
    """Return the module among `wanted` that is there whenever one of the others is, or the name of a new one."""

    def follows(root: str, leader: str, seen: frozenset[str] = frozenset()) -> bool:
        if root == leader:
            return True
        if root == first or root in seen:
            return False
        return all(follows(other, leader, seen | {root}) for other in importers[root])

    for leader in (first, *sorted(wanted)):
        if leader in wanted and all(follows(root, leader) for root in wanted):
            return leader
    return first.rpartition(".")[0] + ".of_" + "_".join(sorted(root.rpartition(".")[2] for root in wanted))


def _in_order(program: Program, roots: list[str]) -> list[str]:
    """Return all modules, each behind those that it imports."""
    order: list[str] = []
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in begun:
            return
        begun.add(name)
        for other in program.modules[name].needs:
            visit(other)
        order.append(name)

    for root in (*roots, *program.modules):
        visit(root)
    return order


def _written(program: Program, groups: Mapping[str, list[Piece]], kept: set[str]) -> Merged:
    home = {name: group for group, pieces in groups.items() for piece in pieces for name in piece.defines}
    externals = {group: _externals(program, group, pieces) for group, pieces in groups.items()}
    asked = {group: {name for piece in pieces for name in globals_in(piece.node)} for group, pieces in groups.items()}
    late = {name for pieces in groups.values() for piece in pieces for name in late_in(piece.node)}
    names = chosen_names(program, groups, asked, set().union(*externals.values()), kept)
    made = Merged({}, {}, {name: (group, names[group][name]) for name, group in home.items()})
    if missing := (late | kept) - home.keys():
        raise MergeError(f"{sorted(missing)} are not there")
    for group, pieces in groups.items():
        body: list[tuple[str, ast.stmt]] = [("", node) for node in externals[group].values()]
        for name in sorted(asked[group] - {name for name, place in home.items() if place == group}):
            place, there = made.places[name]
            body.append(("", ast.ImportFrom(place, [ast.alias(there, names[group][name])], 0)))
        body += [(piece.module, _named(piece.node, group, names[group], made.places)) for piece in pieces]
        made.texts[group], made.lines[group] = _text(body)
    return made


def _externals(program: Program, group: str, pieces: list[Piece]) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for piece in pieces:
        known = program.modules[piece.module].external
        for name in sorted({node.id for node in ast.walk(piece.node) if isinstance(node, ast.Name)} & known.keys()):
            if ast.dump(found.setdefault(name, known[name])) != ast.dump(known[name]):
                raise MergeError(f"{name} means two things in {group}")
    return found


def _named(node: ast.stmt, group: str, names: Mapping[str, str], places: Mapping[str, tuple[str, str]]) -> ast.stmt:
    class Names(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            node.id = names.get(node.id, node.id)
            return node

        def visit_ImportFrom(self, node: ast.ImportFrom) -> "ast.stmt | list[ast.stmt]":
            if node.module != LATE:
                return node
            now: list[ast.stmt] = []
            for alias in node.names:
                place, name = places[alias.name]
                here = alias.asname or ""
                if place == group:
                    now.append(ast.Assign([ast.Name(here, ast.Store())], ast.Name(name, ast.Load())))
                else:
                    now.append(ast.ImportFrom(place, [ast.alias(name, here)], 0))
            return [ast.copy_location(one, node) for one in now]

        def visit_Global(self, node: ast.Global) -> ast.Global:
            node.names = [names.get(name, name) for name in node.names]
            return node

        def _defined(self, node: ast.AST) -> ast.AST:
            node.name = names.get(node.name, node.name)  # type: ignore[attr-defined]
            return self.generic_visit(node)

        visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _defined

    return Names().visit(node)


def _text(body: list[tuple[str, ast.stmt]]) -> tuple[str, list["Origin | None"]]:
    """Return the source of the statements, and where its lines came from."""
    chunks: list[str] = []
    lines: list[Origin | None] = []
    for module, node in body:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Tuple) and len(inner.value.elts) > 1:
                # In brackets MicroPython would make a tuple of it: unparse writes a name as it is.
                inner.value = ast.Name(", ".join(map(ast.unparse, inner.value.elts)), ast.Load())
        text = ast.unparse(ast.fix_missing_locations(node))
        origins: list[Origin | None] = [None] * (text.count("\n") + 1)
        if module:
            for new, old in zip(_statements(ast.parse(text).body), _statements([node]), strict=True):
                origins[new - 1] = (module, old)
        chunks.append(text)
        lines += origins
    return "\n".join(chunks) + "\n", lines


def _statements(body: list[ast.stmt]) -> list[int]:
    """Return the lines of all statements, outer ones first."""
    found: list[int] = []
    for node in body:
        found.append(node.lineno)
        for field in ("body", "orelse", "handlers", "finalbody"):
            found += _statements(getattr(node, field, None) or [])
    return found
