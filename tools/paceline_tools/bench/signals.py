"""`python -m paceline_tools.bench.signals [FOLDER]`: heart rate, beats and steps on recordings, beside baselines."""

import sys

from paceline_tools.bench import beats, pulse, steps


def main() -> int:
    """Print the tables; return 1 when a goal is missed."""
    missed = pulse.main()
    print()
    missed |= beats.main()
    print()
    return steps.main() | missed


if __name__ == "__main__":
    sys.exit(main())
