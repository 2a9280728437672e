# ruff: noqa: D102 - ast calls visit_… for each node of that kind
"""Which names of a module are its own globals, wherever they are written; and the module with others in their place."""

import ast
from collections.abc import Callable, Iterator

Name = tuple[str, str]
"""A global of ours: the module that defines it, its name there."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound_names(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements of one scope bind, inner functions and classes by their own names only."""
    bound: set[str] = set()
    declared: set[str] = set()
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.Global):
            declared |= set(node.names)
        if isinstance(node, _Function | ast.ClassDef):
            bound.add(node.name)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
    return bound - declared


def arguments_of(node: "_Function | ast.Lambda") -> list[ast.arg]:
    """Return all parameters."""
    inside = node.args
    rest = [argument for argument in (inside.vararg, inside.kwarg) if argument]
    return [*inside.posonlyargs, *inside.args, *inside.kwonlyargs, *rest]


def is_viper(node: _Function) -> bool:
    """Tell whether the function becomes machine code, whose annotations are part of it."""
    return any(isinstance(way, ast.Attribute) and way.attr in ("viper", "native") for way in node.decorator_list)


class GlobalsReplaced(ast.NodeTransformer):
    """Puts `replaced(name)` in the place of each global (None leaves it), and drops annotations and docstrings.

    `inner` gathers all names that functions bind, `in_classes` what the bodies of classes read and bind themselves.
    """

    def __init__(self, replaced: Callable[[str], "ast.expr | None"]) -> None:
        self._replaced = replaced
        self._scopes: list[tuple[bool, set[str]]] = []  # (of a class, names)
        self.inner: set[str] = set()
        self.in_classes: set[str] = set()

    def _is_global(self, name: str) -> bool:
        innermost = True
        for of_class, names in reversed(self._scopes):
            if name in names and (innermost or not of_class):
                return False
            innermost = False
        return True

    def _within(self, of_class: bool, names: set[str], body: list[ast.stmt]) -> list[ast.stmt]:
        self._scopes.append((of_class, names))
        if of_class:
            self.in_classes |= names
        else:
            self.inner |= names
        done = [self.visit(statement) for statement in _without_docstring(body)]
        self._scopes.pop()
        return done or [ast.Pass()]

    def _defined(self, name: str) -> str:
        if self._scopes:
            return name
        other = self._replaced(name)
        return other.id if isinstance(other, ast.Name) else name

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = [self.visit(statement) for statement in _without_docstring(node.body)]
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        other = self._replaced(node.id) if self._is_global(node.id) else None
        if other is None:
            return node
        if isinstance(other, ast.Name):
            other = ast.Name(other.id, node.ctx)
        return ast.copy_location(other, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and self._is_global(node.value.id):
            member = self._replaced(f"{node.value.id}.{node.attr}")
            if member is not None:
                return ast.copy_location(member, node)
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Global(self, node: ast.Global) -> ast.Global:
        others = [self._replaced(name) for name in node.names]
        pairs = zip(node.names, others, strict=True)
        node.names = [other.id if isinstance(other, ast.Name) else name for name, other in pairs]
        return node

    def visit_FunctionDef(self, node: _Function) -> ast.stmt:
        node.decorator_list = [self.visit(way) for way in node.decorator_list]
        node.name = self._defined(node.name)
        self._outside(node.args)
        if not is_viper(node):
            node.returns = None
            for argument in arguments_of(node):
                argument.annotation = None
        names = bound_names(node.body) | {argument.arg for argument in arguments_of(node)}
        node.body = self._within(False, names, node.body)
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        self._outside(node.args)
        names = {argument.arg for argument in arguments_of(node)}
        self._scopes.append((False, names))
        self.inner |= names
        node.body = self.visit(node.body)
        self._scopes.pop()
        return node

    def _outside(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(default) for default in arguments.defaults]
        arguments.kw_defaults = [default and self.visit(default) for default in arguments.kw_defaults]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.bases = [self.visit(base) for base in node.bases]
        node.name = self._defined(node.name)
        node.body = self._within(True, bound_names(node.body), node.body)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        plain = ast.Assign([self.visit(node.target)], self.visit(node.value))
        return ast.copy_location(plain, node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, _COMPREHENSIONS):
            return super().generic_visit(node)
        node.generators[0].iter = self.visit(node.generators[0].iter)
        targets = {name for part in node.generators for name in _stored(part.target)}
        self._scopes.append((False, targets))
        self.inner |= targets
        for number, part in enumerate(node.generators):
            if number:
                part.iter = self.visit(part.iter)
            part.ifs = [self.visit(condition) for condition in part.ifs]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        self._scopes.pop()
        return node


def _stored(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return [
        statement
        for statement in body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]
