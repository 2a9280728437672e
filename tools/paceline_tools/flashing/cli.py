"""The command `paceline-wearable`: flash, provision, upload, test, logs, reset, inspect."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from paceline_gateway.errors import GatewayError
from paceline_server.formats.recording import Recording

from paceline_tools.bundle import BundleBuildError
from paceline_tools.flashing.chip import Chip
from paceline_tools.flashing.chip_image import read_image
from paceline_tools.flashing.dump import stretches
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.export import recordings, text_lines, write_csv, write_fit_files
from paceline_tools.flashing.layout import partition
from paceline_tools.flashing.ports import find_port
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.self_test import report, self_test
from paceline_tools.flashing.steps import Wishes, bring_up, factory_romfs, identify, write_chip
from paceline_tools.flashing.upload import firmware_files, interpreter, upload
from paceline_tools.hardware.description import read_board

_SAY: Callable[[str], None] = partial(print, flush=True)


def _where(options: argparse.Namespace) -> Callable[[], str]:
    """How to find the port, each time anew: the one given, or the only board on USB."""
    from serial.tools.list_ports import comports  # noqa: PLC0415 (only commands that speak to a board need pyserial)

    return lambda: options.port or find_port(comports())


def _flash(options: argparse.Namespace) -> int:
    try:
        data = options.micropython.read_bytes()
    except OSError as error:
        what = f"{options.micropython}: {error.strerror}"
        raise FlashingError(what, "give the .bin of MicroPython for the ESP32-S3 with --micropython") from error
    image, where = read_image(data, options.sha256), _where(options)
    write_chip(Chip(where()), image, factory_romfs(), _SAY)
    with Prompt(where) as prompt:
        return 0 if bring_up(prompt, _wishes(options), _SAY) else 3


def _upload(options: argparse.Namespace) -> int:
    with Prompt(_where(options)) as prompt:
        count = upload(prompt, firmware_files(interpreter(prompt)), _SAY)
        prompt.let_run()
    _SAY(f"{count} files changed")
    return 0


def _provision(options: argparse.Namespace) -> int:
    wishes = _wishes(options)
    with Prompt(_where(options)) as prompt:
        identify(prompt, wishes, _SAY)
        prompt.let_run()
    return 0


def _test(options: argparse.Namespace) -> int:
    with Prompt(_where(options)) as prompt:
        whole = report(self_test(prompt, read_board()), _SAY)
        prompt.let_run()
    return 0 if whole else 3


def _reset(options: argparse.Namespace) -> int:
    with Prompt(_where(options)) as prompt:
        prompt.let_run()
    return 0


def _logs(options: argparse.Namespace) -> int:
    from serial import Serial, SerialException  # noqa: PLC0415

    try:
        with Serial(_where(options)(), 115200, timeout=1) as port:
            while True:
                sys.stdout.write(port.readline().decode("utf-8", "replace"))
                sys.stdout.flush()
    except SerialException as error:
        raise FlashingError(f"the board has gone: {error}", "plug it in, and repeat the command") from error
    except KeyboardInterrupt:
        return 0


def _inspect(options: argparse.Namespace) -> int:
    key = _key(options.key_file) if options.key_file else None
    if str(options.what).startswith("/dev/") or str(options.what).upper().startswith("COM"):
        place = partition("journal")
        dump = Chip(str(options.what)).read_used(place.offset, place.size)
    else:
        try:
            dump = options.what.read_bytes()
        except OSError as error:
            raise FlashingError(f"{options.what}: {error.strerror}", "give a file, or a board's port") from error
    found = stretches(dump)
    if options.csv is None and options.fit is None:
        for line in text_lines(found, key):
            _SAY(line)
        return 0
    if key is None:
        raise FlashingError("what is not checked is not exported", "give the wearable's key with --key-file")
    try:
        _export(options, list(recordings(found, key, time.time())))
    except OSError as error:
        raise FlashingError(f"{error.filename}: {error.strerror}", "give a place that can be written") from error
    return 0


def _export(options: argparse.Namespace, workouts: Sequence[Recording]) -> None:
    if options.csv is not None:
        with options.csv.open("w", newline="") as out:
            rows = write_csv(out, workouts, _SAY)
        _SAY(f"{rows} rows in {options.csv}")
    if options.fit is not None:
        _SAY(f"{write_fit_files(options.fit, workouts, _SAY)} files in {options.fit}")


def _key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise FlashingError(f"{path} is no key: {error}", "give a file with 64 hexadecimal digits") from error
    if len(key) != 32:
        raise FlashingError(f"{path} has {len(key)} bytes, a key has 32", "give the wearable's own key file")
    return key


def _wishes(options: argparse.Namespace) -> Wishes:
    return Wishes(options.keys, os.urandom, options.new_identity, options.gateway, options.server)


def parser() -> argparse.ArgumentParser:
    """The options of every command."""
    whole = argparse.ArgumentParser(prog="paceline-wearable", description="flash, provision and look into a wearable")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    board = argparse.ArgumentParser(add_help=False)
    board.add_argument("--port", help="serial port; by default the only board on USB")
    identity = argparse.ArgumentParser(add_help=False)
    identity.add_argument("--keys", type=Path, default=Path("wearables"), help="folder of the keys, ID.key each")
    identity.add_argument("--gateway", type=Path, help="settings of a gateway on this machine that is to know it")
    identity.add_argument("--server", help="its address: the claim code on screen and label then leads to its page")
    identity.add_argument("--new-identity", action="store_true", help="replace the id and key; empties the journal")

    def command(name: str, run: Callable[[argparse.Namespace], int], what: str, *parents: argparse.ArgumentParser):
        made = commands.add_parser(name, help=what, description=what, parents=list(parents))
        made.set_defaults(run=run)
        return made

    flash = command("flash", _flash, "everything: MicroPython, firmware, identity, self-test", board, identity)
    flash.add_argument("--micropython", type=Path, required=True, help="MicroPython's .bin for the ESP32-S3")
    flash.add_argument("--sha256", help="what the file must hash to")
    command("upload", _upload, "only the firmware's files that differ", board)
    command("provision", _provision, "give the board an id and a key, if it has none", board, identity)
    command("test", _test, "which parts the board finds", board)
    command("logs", _logs, "show what the board prints, until Ctrl-C", board)
    command("reset", _reset, "restart the board", board)
    inspect = command("inspect", _inspect, "a journal from a flash dump or a board, as text, CSV or FIT")
    inspect.add_argument("what", type=Path, help="a dump of flash or of the journal's partition, a spool, or a port")
    inspect.add_argument("--key-file", type=Path, help="the wearable's key: its seals are checked")
    inspect.add_argument("--csv", type=Path, help="write the workouts there, a row for each second")
    inspect.add_argument("--fit", type=Path, help="write a FIT file for each workout into that folder")
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: 0 done, 1 failed and says what to do, 2 wrong usage, 3 parts are missing."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except (FlashingError, GatewayError, BundleBuildError) as error:
        print(error, file=sys.stderr)
        return 1
