"""What of a program is reached from where it is entered: the rest need not be on the board.

A method is reached when its class is, and anything that is reached says its name; so nothing is told of types.
"""

import ast
from collections.abc import Iterable

from paceline_tools.shorten.pieces import Piece, globals_in, late_in, words_in

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def without_unreached(pieces: Iterable[Piece], entered: set[str], words: set[str]) -> list[Piece]:
    """Return the pieces that are reached, classes without methods that nobody names; `words` are said elsewhere."""
    waiting = list(pieces)
    wanted, said = set(entered), set(words)
    reached: list[Piece] = []
    methods: list[tuple[Piece, ast.stmt]] = []
    alive: set[int] = set()
    while True:
        news: list[tuple[Piece, ast.AST]] = []
        for piece in [piece for piece in waiting if not piece.defines or piece.defines & wanted]:
            waiting.remove(piece)
            reached.append(piece)
            if isinstance(piece.node, ast.ClassDef):
                methods += [(piece, part) for part in piece.node.body]
                news += [(piece, base) for base in piece.node.bases]
            else:
                news.append((piece, piece.node))
        for piece, method in methods:
            if id(method) not in alive and (not isinstance(method, _Function) or _called(method.name, said)):
                alive.add(id(method))
                news.append((piece, method))
        if not news:
            break
        for _, node in news:
            wanted |= globals_in(node) | late_in(node)
            said |= words_in(node)
    for piece in reached:
        if isinstance(piece.node, ast.ClassDef):
            piece.node.body = [part for part in piece.node.body if id(part) in alive] or [ast.Pass()]
    order = {id(piece): number for number, piece in enumerate(pieces)}
    return sorted(reached, key=lambda piece: order[id(piece)])


def _called(name: str, said: set[str]) -> bool:
    return name in said or (name.startswith("__") and name.endswith("__"))
