"""Google Fit's tables of days: their headers are in the user's language, the units in them are not."""

from collections.abc import Sequence

STEPS, MOVED, ENERGY, DISTANCE, WEIGHT = (
    "step count",
    "move minutes count",
    "calories (kcal)",
    "distance (m)",
    "average weight (kg)",
)
_UNITS = {" (kcal)": ENERGY, " (m)": DISTANCE, " (kg)": WEIGHT}
"""How the names of columns end in every language; of the three weights the average is the first."""
_WORDS = {
    "recuento de pasos": STEPS,
    "schrittzahl": STEPS,
    "nombre de pas": STEPS,
    "numero di passi": STEPS,
    "contagem de passos": STEPS,
    "aantal stappen": STEPS,
    "recuento de minutos activos": MOVED,
}
"""What has no unit. The Spanish and the German words were seen in tables, the others are dictionary's."""


def is_google_table(names: Sequence[str]) -> bool:
    """Tell whether plain names (lower case) are the header of such a table, in any language."""
    return {ENERGY, DISTANCE} <= set(in_english(names)[1:])


def in_english(names: Sequence[str]) -> list[str]:
    """Return the plain names with those columns in English that are read, the first as "date"."""
    found = ["date", *names[1:]]
    for at, name in enumerate(names[1:], 1):
        known = _WORDS.get(name) or next((own for unit, own in _UNITS.items() if name.endswith(unit)), None)
        if known is not None and known not in (*names, *found):
            found[at] = known
    return found
