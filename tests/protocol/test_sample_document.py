"""docs/SAMPLES.md says what the code does: its tables are compared with the code's."""

from pathlib import Path

from paceline_protocol.range_coder import RATES
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import WORST_SAMPLE_BYTES
from paceline_protocol.sample_model import CHOICE, MODELS, SIGN
from paceline_protocol.sample_prior import HABIT_PRIOR, LATEST_PRIOR

TEXT = (Path(__file__).parents[2] / "docs" / "SAMPLES.md").read_text()


def test_the_columns_are_those_of_the_code() -> None:
    for (name, lowest, highest), (how, bits, rests, _) in zip(COLUMNS, MODELS, strict=True):
        cells = [cell.strip() for cell in TEXT.split(f"| `{name}` |")[1].split("\n")[0].split("|")]
        assert cells[:2] == [str(lowest), str(highest)]
        assert cells[4] == str(bits)
        assert (cells[3] == "choice") == (how == CHOICE)
        assert (cells[5] == "yes") == bool(rests)


def test_the_first_chances_are_those_of_the_code() -> None:
    for name, prior in (("H", HABIT_PRIOR), ("L", LATEST_PRIOR)):
        for context in range(len(prior) // SIGN):
            assert f"{name}[{context}]  {prior[context * SIGN : (context + 1) * SIGN].hex(' ')}\n" in TEXT


def test_the_rates_and_the_worst_sample_are_those_of_the_code() -> None:
    assert "`" + " ".join(str(rate) for rate in RATES) + "`" in TEXT
    assert f"A worst sample takes {WORST_SAMPLE_BYTES} bytes" in TEXT
