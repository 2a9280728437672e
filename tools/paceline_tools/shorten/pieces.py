"""A program taken apart into the statements at the top of its modules, each with what it defines and what it needs.

Globals of ours are written `module:name`, wherever they are meant, so that a statement no longer depends on its module.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from paceline_tools.shorten.scopes import GlobalsReplaced, bound_names

LATE = "late"  # where imports within functions seem to come from

_WORD = re.compile(r"[A-Za-z_]\w*")


class MergeError(Exception):
    """The program has something that cannot be merged; the text says what and where."""


@dataclass
class Piece:
    """A statement; `methods` are a class's functions, which go where nobody calls one of their name."""

    module: str
    node: ast.stmt
    defines: set[str]


@dataclass
class Module:
    """One source: what its imports mean (`ours`, `modules`, `external` by the name here), and the others it needs."""

    name: str
    tree: ast.Module
    package: str
    bound: set[str] = field(default_factory=set)
    ours: dict[str, tuple[str, str]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    external: dict[str, ast.stmt] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)


class Program:
    """All modules by name, their pieces, and the classes' and functions' inner names."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        packages = {name.rpartition(".")[0] for name in sources}
        self.modules = {
            name: Module(name, ast.parse(text), name if name in packages else name.rpartition(".")[0])
            for name, text in sources.items()
        }
        self.inner: set[str] = set()
        self.in_classes: set[str] = set()
        for module in self.modules.values():
            module.bound = bound_names(module.tree.body)
            for node in module.tree.body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self._import(node, module)
        self.pieces = [piece for module in self.modules.values() for piece in self._taken_apart(module)]

    def origin(self, node: ast.ImportFrom, module: Module) -> str:
        """Return the name of the module that is imported from."""
        if not node.level:
            return node.module or ""
        path = module.package.split(".")
        return ".".join([*path[: len(path) - node.level + 1], *([node.module] if node.module else [])])

    def meant(self, module: str, name: str) -> str:
        """Return `module:name` of what a module calls so, following imports."""
        while name in self.modules[module].ours:
            module, name = self.modules[module].ours[name]
        if name not in self.modules[module].bound:
            raise MergeError(f"{module} has no {name}")
        return f"{module}:{name}"

    def _import(self, node: "ast.Import | ast.ImportFrom", module: Module) -> None:
        for alias in node.names:
            here = alias.asname or alias.name
            if isinstance(node, ast.Import):
                if alias.name in self.modules:
                    continue  # only for its effects, and none is left
                module.external[here] = ast.Import([alias])
                continue
            origin = self.origin(node, module)
            if f"{origin}.{alias.name}" in self.modules:
                module.modules[here] = f"{origin}.{alias.name}"
                module.needs.append(f"{origin}.{alias.name}")
            elif origin in self.modules:
                module.ours[here] = (origin, alias.name)
                module.needs.append(origin)
            else:
                module.external[here] = ast.ImportFrom(node.module, [alias], 0)

    def _taken_apart(self, module: Module) -> Iterator[Piece]:
        def replaced(name: str) -> "ast.expr | None":
            owner, dot, member = name.partition(".")
            if dot:
                return (
                    ast.Name(self.meant(module.modules[owner], member), ast.Load()) if owner in module.modules else None
                )
            if name in module.modules:
                raise MergeError(f"{module.name} uses the module {name} itself")
            if name not in module.bound or name in module.external:
                return None
            return ast.Name(self.meant(module.name, name), ast.Load())

        visitor = _LateImports(replaced, self, module)
        for node in visitor.visit(module.tree).body:
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
                continue
            defines = {name for name in bound_names([node]) if ":" in name}
            yield Piece(module.name, node, defines)
        self.inner |= visitor.inner
        self.in_classes |= visitor.in_classes


class _LateImports(GlobalsReplaced):
    """Imports of ours within functions become `from late import module:name as …`."""

    def __init__(self, replaced: Callable[[str], "ast.expr | None"], program: Program, module: Module) -> None:
        super().__init__(replaced)
        self._program = program
        self._module = module

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        origin = self._program.origin(node, self._module)
        if not self._scopes or origin not in self._program.modules:
            return node
        names = [(self._program.meant(origin, alias.name), alias.asname or alias.name) for alias in node.names]
        return ast.copy_location(ast.ImportFrom(LATE, [ast.alias(name, here) for name, here in names], 0), node)


def globals_in(node: ast.AST) -> set[str]:
    """Return the globals of ours that the statement reads or binds, but for late imports."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and ":" in inner.id}


def late_in(node: ast.AST) -> set[str]:
    """Return the globals of ours that functions in it import."""
    return {
        alias.name
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom) and inner.module == LATE
        for alias in inner.names
    }


def words_in(node: ast.AST) -> set[str]:
    """Return what may name an attribute: behind a point, as a keyword, of a function, within a text."""
    words: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            words.add(inner.attr)
        elif isinstance(inner, ast.keyword) and inner.arg:
            words.add(inner.arg)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            words |= set(_WORD.findall(inner.value))
        elif isinstance(inner, ast.Name) and ":" not in inner.id:
            words.add(inner.id)
        elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and ":" not in inner.name:
            words.add(inner.name)
    return words
