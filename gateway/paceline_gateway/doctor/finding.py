"""One line of the doctor: what was looked at, what was found, and what to do."""

from dataclasses import dataclass

OK, NOTE, PROBLEM = "ok", "note", "problem"


@dataclass(frozen=True)
class Finding:
    """`state` is OK, NOTE (nothing is wrong, but somebody may wonder) or PROBLEM, which has an `advice`."""

    state: str
    about: str
    text: str
    advice: str = ""

    def lines(self) -> list[str]:
        """Return it for a terminal."""
        first = f"{self.state:8} {self.about:10} {self.text}"
        return [first, f"{'':19} → {self.advice}"] if self.advice else [first]


def ok(about: str, text: str) -> Finding:
    """Return what is as it should be."""
    return Finding(OK, about, text)


def note(about: str, text: str, advice: str = "") -> Finding:
    """Return what is worth knowing."""
    return Finding(NOTE, about, text, advice)


def problem(about: str, text: str, advice: str) -> Finding:
    """Return what stands in the way."""
    return Finding(PROBLEM, about, text, advice)
