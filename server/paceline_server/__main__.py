"""The program `paceline-server`, also as `python -m paceline_server`."""

import gc
import sys


def main() -> int:
    """Run the command; return its exit status.

    Nothing of what is imported is garbage: looking for some meanwhile took a third of the start, and is left out.
    """
    gc.disable()
    from paceline_server.cli import main as run  # noqa: PLC0415 (here is the point)

    gc.freeze()
    gc.enable()
    return run()


if __name__ == "__main__":
    sys.exit(main())
