"""Runs files of plain test functions on MicroPython: `micropython tests/protocol/run_on_micropython.py FILE…`.

A test is a function (or coroutine function) named test_… without parameters. Each prints "ok NAME" or "FAIL NAME" and a
traceback; the exit code is 1 when one failed. tests/ and protocol/ are importable, and whatever MICROPYPATH adds.
"""

import asyncio
import sys


def run_file(path: str) -> int:
    """Run all tests of a file and return how many failed."""
    folder, _, name = path.rpartition("/")
    sys.path.insert(0, folder or ".")
    module = __import__(name.rsplit(".", 1)[0])
    sys.path.pop(0)
    failed = 0
    for test in sorted([item for item in dir(module) if item.startswith("test_")]):
        try:
            result = getattr(module, test)()
            if hasattr(result, "send"):
                asyncio.run(result)
            print("ok", test)
        except Exception as error:  # noqa: BLE001 (the top of the run: every failure is printed)
            failed += 1
            print("FAIL", test)
            sys.print_exception(error, sys.stdout)  # type: ignore[attr-defined]
    return failed


def main() -> None:
    """Run the files named on the command line."""
    root = __file__.rsplit("/", 3)[0] if __file__.count("/") > 2 else "."
    sys.path.extend([root + "/protocol", root + "/tests"])
    if sum([run_file(path) for path in sys.argv[1:]]):
        sys.exit(1)


if __name__ == "__main__":
    main()
