"""Parameters are named by their place, where nobody passes them by name."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from paceline_tools.shorten.edits import Edit, edited, in_formatted_strings, name_places

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def number_parameters(sources: Mapping[str, str], entry_points: Mapping[str, str]) -> dict[str, str]:
    """Return the sources with parameters called p0, p1, …; a name that any call uses as a keyword stays."""
    trees = {name: ast.parse(text) for name, text in sources.items()}
    everything = [*trees.values(), *(ast.parse(text) for text in entry_points.values())]
    keywords = {
        node.arg for tree in everything for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg
    }
    taken = {name for module, text in sources.items() for name, *_ in name_places(trees[module], text)}
    if any(name[0] == "p" and name[1:].isdecimal() for name in taken):
        return dict(sources)
    return {name: edited(text, _edits(trees[name], keywords)) for name, text in sources.items()}


def _edits(tree: ast.Module, keywords: set[str]) -> list[Edit]:
    hidden = in_formatted_strings(tree)
    edits: list[Edit] = []
    for function in _outermost(tree):
        for number, argument in enumerate(_parameters(function)):
            name = argument.arg
            if name in keywords or name in ("self", "_") or name.startswith("__"):
                continue
            places = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
            if _bound_again(function, name) or any(id(node) in hidden for node in places):
                continue
            places = [node for node in places if not _outside(function, node)]
            for node in [argument, *places]:
                edits.append((node.lineno, node.col_offset, node.col_offset + len(name.encode()), f"p{number}"))
    return edits


def _outermost(tree: ast.Module) -> Iterator[_Function]:
    # Functions within functions keep their parameters: those of the outer one may be meant there.
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, _Function)
        for node in ast.walk(function)
        if node is not function
    }
    for node in ast.walk(tree):
        if isinstance(node, _Function) and id(node) not in inner:
            yield node


def _parameters(function: _Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _bound_again(function: _Function, name: str) -> bool:
    """Tell whether a function, comprehension or import within binds the name for itself."""
    counted: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            counted[node.arg] += 1
        elif isinstance(node, ast.alias):
            counted[node.asname or node.name] += 2
        elif isinstance(node, ast.Global | ast.Nonlocal):
            counted.update(node.names * 2)
        elif isinstance(node, ast.ClassDef | ast.ExceptHandler):
            counted[node.name or ""] += 2
        if isinstance(node, _Function) and node is not function:
            counted[node.name] += 2
        if isinstance(node, _SCOPES) and node is not function:
            stored = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name)]
            counted.update(inner.id for inner in stored if not isinstance(inner.ctx, ast.Load))
    return counted[name] > 1


def _outside(function: _Function, node: ast.Name) -> bool:
    # Decorators, defaults and annotations are read where the function is defined.
    outer = [*function.decorator_list, *function.args.defaults, *filter(None, function.args.kw_defaults)]
    outer += [argument.annotation for argument in _parameters(function) if argument.annotation]
    outer += [function.returns] if function.returns else []
    return any(inner is node for part in outer for inner in ast.walk(part))
