"""What globals are called in merged modules: as something else is called already, for each distinct name costs heap."""

import ast
import builtins
from collections import Counter
from collections.abc import Mapping
from keyword import iskeyword

from paceline_tools.shorten.pieces import Piece, Program, words_in

# Names that every MicroPython has in its program memory, for they belong to the format of .mpy files.
_ALWAYS_THERE = (
    "append args bytecode clear close copy count end endswith extend find format from_bytes get index insert isalpha "
    "isdigit islower isspace isupper items join key keys little lower lstrip main pop popitem read readinto readline "
    "remove replace reverse rfind rindex rsplit rstrip send sep setdefault sort split start startswith step stop "
    "strip throw to_bytes update upper value values write"
)


def chosen_names(
    program: Program,
    groups: Mapping[str, list[Piece]],
    asked: Mapping[str, set[str]],
    external: set[str],
    kept: set[str],
) -> dict[str, dict[str, str]]:
    """Return for each group what it calls each global that it defines or asks for; `kept` keep their names."""
    said: Counter[str] = Counter()
    plain: set[str] = set()
    for pieces in groups.values():
        for piece in pieces:
            said.update(words_in(piece.node))
            plain |= {node.id for node in ast.walk(piece.node) if isinstance(node, ast.Name) and ":" not in node.id}
    taken = program.inner | program.in_classes | external | plain | set(dir(builtins)) | {"micropython", "const"}
    taken |= {name.split(":")[1] for name in kept}
    usual = [
        word
        for word in sorted(said, key=lambda word: (-said[word], word))
        if word.isidentifier() and not iskeyword(word) and not word.startswith("__")
    ]
    free = [word for word in dict.fromkeys([*_ALWAYS_THERE.split(), *usual]) if word not in taken]
    names: dict[str, dict[str, str]] = {}
    for group in groups:
        counted = [name for name in sorted(asked[group] | _defined(groups[group])) if name not in kept]
        pool = iter(free + [f"g{number}" for number in range(len(counted))])
        names[group] = {name: next(pool) for name in counted}
        names[group] |= {name: name.split(":")[1] for name in kept}
    return names


def _defined(pieces: list[Piece]) -> set[str]:
    return {name for piece in pieces for name in piece.defines}
