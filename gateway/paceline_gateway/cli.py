"""The command `paceline-gateway`: run, pull, inspect, status, doctor, login, logout, add, install-service."""

import argparse
import asyncio
import contextlib
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from paceline_gateway.actions import Instant
from paceline_gateway.config import Config, Wearable, key_of_text, load, read_secret
from paceline_gateway.config_edit import add_wearable, shown_id
from paceline_gateway.daemon import pull_once, run
from paceline_gateway.doctor.examine import examine
from paceline_gateway.doctor.finding import PROBLEM
from paceline_gateway.errors import ConfigError, GatewayError
from paceline_gateway.inspect_journal import journal_lines
from paceline_gateway.json_lines import JsonLines
from paceline_gateway.login.arguments import add_login_commands
from paceline_gateway.login.command import claim_new
from paceline_gateway.progress import amount
from paceline_gateway.report import spool_key
from paceline_gateway.service.install import has_group, has_user, install, objections, own_settings
from paceline_gateway.service.moved_settings import NAME, moved_settings
from paceline_gateway.service.plan import BLUEZ_GROUP, FOLDER, STATE, installation
from paceline_gateway.service.supervisor import supervised
from paceline_gateway.service.unit import USER
from paceline_gateway.settings_table import CONFIG_VARIABLE, SETTINGS, given_by
from paceline_gateway.visits import World
from paceline_gateway.watch.backlog import backlogs
from paceline_gateway.watch.live_view import follow, once

KEYS = Path("wearables")
DEFAULT_CONFIG = Path("~/.config/paceline/gateway.toml")
log = logging.getLogger("paceline_gateway")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status: 0 done, 1 refused or not complete, 2 wrong arguments."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    log.setLevel(logging.DEBUG if options.verbose else logging.INFO)
    try:
        return options.command(options)
    except GatewayError as error:
        print(f"paceline-gateway: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `inspect … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paceline-gateway", description="Pulls wearables over BLE and uploads.")
    stated = os.environ.get(CONFIG_VARIABLE)
    default = Path(stated) if stated else DEFAULT_CONFIG
    parser.add_argument("--config", type=Path, default=default, help=f"settings (default {DEFAULT_CONFIG})")
    parser.add_argument("--verbose", action="store_true", help="tell more")
    settings = parser.add_argument_group("settings", "Each goes over its environment variable, and that over the file.")
    for setting in SETTINGS:
        settings.add_argument(setting.flag, dest=setting.key, metavar="VALUE", help=setting.about)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    running = commands.add_parser("run", help="find wearables, follow and upload them until stopped")
    running.set_defaults(command=_run)

    pulling = commands.add_parser("pull", help="pull every wearable once, without uploading")
    pulling.add_argument("--timeout", type=float, default=300.0, metavar="S", help="seconds in all (default 300)")
    pulling.set_defaults(command=_pull)

    inspecting = commands.add_parser("inspect", help="print a spooled journal as text")
    inspecting.add_argument("file", type=Path)
    inspecting.add_argument("--key-file", type=Path, help="check seals with this key (default: the settings' key)")
    inspecting.add_argument("--start", type=int, help="position of the first byte (default: as the file's name says)")
    inspecting.set_defaults(command=_inspect)

    status = commands.add_parser("status", help="show how each wearable is and what waits, until interrupted")
    status.add_argument("--once", action="store_true", help="print it once, as plain text; so without a terminal")
    status.set_defaults(command=_status)

    examining = commands.add_parser("doctor", help="look at all that the gateway needs, and say what to do")
    examining.add_argument("--scan", type=float, default=5.0, metavar="S", help="how long to listen (default 5)")
    examining.set_defaults(command=_doctor)

    add_login_commands(commands, _config_path, _config)

    adding = commands.add_parser("add", help="add a wearable to the settings and to the account")
    adding.add_argument("device_id", type=shown_id, help="as the wearable's claim screen or its QR code says it")
    adding.add_argument(
        "key_file",
        type=Path,
        nargs="?",
        help="a private file, 64 hex digits (default: wearables/ID.key, as paceline-wearable leaves it)",
    )
    adding.add_argument("--name", help="what it is called in messages")
    adding.add_argument("--local", action="store_true", help="only here: the server is not told whose it is")
    adding.set_defaults(command=_add)

    installing = commands.add_parser("install-service", help="run it from boot on, by systemd, with these settings")
    installing.add_argument("--dry-run", action="store_true", help="only show what would be done")
    installing.set_defaults(command=_install)
    return parser


def _run(options: argparse.Namespace) -> int:
    config = _with_wearables(options)
    _log_as(config)
    return asyncio.run(_until_signal(config))


async def _until_signal(config: Config) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        log.info("gateway for %d wearables, spool in %s", len(config.wearables), config.spool)
        async with supervised(os.environ):
            await run(config, _real_world(), stop)
        log.info("stopped")
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _pull(options: argparse.Namespace) -> int:
    config = _with_wearables(options)
    _log_as(config)
    missed = asyncio.run(pull_once(config, _real_world(), options.timeout))
    for device_id in sorted(missed):
        log.error("%s: not caught up within %.0f s", config.wearables[device_id].name, options.timeout)
    return 1 if missed else 0


def _log_as(config: Config) -> None:
    if config.log_format == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines(config))


def _inspect(options: argparse.Namespace) -> int:
    path: Path = options.file
    key = None
    if options.key_file is not None:
        key = key_of_text(read_secret(options.key_file), str(options.key_file))
    elif _config_path(options).exists():
        key = spool_key(_config(options), path)
    for line in journal_lines(path, key, options.start):
        print(line)
    return 0


def _status(options: argparse.Namespace) -> int:
    config = _config(options)
    if options.once or not sys.stdout.isatty():
        for line in once(config):
            print(line)
        return 0
    with contextlib.suppress(KeyboardInterrupt):
        follow(config)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    async def told() -> int:
        problems = 0
        async for finding in examine(lambda: _config(options), time.time, options.scan):
            print("\n".join(finding.lines()), flush=True)
            problems += finding.state == PROBLEM
        print("nothing is in the way" if not problems else f"{problems} problems")
        return 1 if problems else 0

    return asyncio.run(told())


def _add(options: argparse.Namespace) -> int:
    path = _config_path(options)
    claim = None if options.local else _claim
    key_file = options.key_file or KEYS / f"{options.device_id}.key"
    config = add_wearable(path, options.device_id, key_file, options.name, claim)
    print(f"{path}: {len(config.wearables)} wearables")
    return 0


def _install(options: argparse.Namespace) -> int:
    path = own_settings(os.environ.get("SUDO_USER"), options.config)
    python = Path(sys.executable)
    against = list(objections(python))
    if against and not options.dry_run:
        raise ConfigError("install-service", "; ".join(against))
    settings = moved_settings(path, given_by(os.environ, vars(options)), STATE / "spool")
    steps = installation(settings, python, user_exists=has_user(USER), bluez_group_exists=has_group(BLUEZ_GROUP))
    if options.dry_run:
        for line in (*(f"! {text}" for text in against), *(line for step in steps for line in step.lines())):
            print(line)
        return 0
    install(steps, print)
    waiting = sum(backlog.waiting for backlog in backlogs(load(path).spool).values())
    if waiting:
        print(f"note: {amount(waiting)} wait in your own spool: `paceline-gateway run` as yourself uploads them")
    print(f"it runs; how it is: sudo {python.with_name('paceline-gateway')} --config {FOLDER / NAME} status")
    return 0


def _claim(config: Config, wearable: Wearable) -> None:
    if config.server is None:
        print("no server yet: paceline-gateway login makes it the account's")
    else:
        asyncio.run(claim_new(config, wearable))


def _with_wearables(options: argparse.Namespace) -> Config:
    config = _config(options)
    if not config.wearables:
        raise ConfigError(f"{config.path}: wearables", "there is none yet; do: paceline-gateway add")
    return config


def _config(options: argparse.Namespace) -> Config:
    return load(_config_path(options), given_by(os.environ, vars(options)))


def _config_path(options: argparse.Namespace) -> Path:
    return options.config.expanduser()


def _real_world() -> World:
    def clock() -> Instant:
        return Instant(time.monotonic(), time.time_ns() // 1_000_000)

    return World(clock, random.random)
