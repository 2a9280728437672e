"""The command `paceline-server`: reads arguments and settings, prints what the commands say."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from paceline_server.commands import accounts, archives, claims, service, serving, upkeep
from paceline_server.config import Config, config_of
from paceline_server.errors import RequestError, UsageError
from paceline_server.events.declared import NAMES
from paceline_server.json_lines import log_to_stderr
from paceline_server.platform.policy import Role
from paceline_server.platform.schema import DatabaseError
from paceline_server.settings_table import CONFIG_VARIABLE, SETTINGS, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0 done, 1 refused or something is wrong, 2 wrong arguments."""
    options = _parser().parse_args(arguments)
    try:
        config = _config(options)
        if options.run is not _service:  # which may speak of a folder that only root can make
            config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        log_to_stderr(config.log_format, requests=config.log_requests)
        return options.run(config, options)
    except RequestError as error:
        print(f"paceline-server: {error.message}", file=sys.stderr)
    except (UsageError, DatabaseError, OSError) as error:
        print(f"paceline-server: {error}", file=sys.stderr)
    return 1


def _config(options: argparse.Namespace) -> Config:
    values = read_settings(os.environ, vars(options), options.config)
    if values["data"] is None:
        raise UsageError("say where everything is kept: --data FOLDER, or `data` in the settings file")
    config = config_of(values)
    return replace(config, data=config.data.resolve())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paceline-server", description="The Paceline server.")
    settings = _settings()
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, about: str, run: Callable[[Config, Any], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, parents=[settings])
        made.set_defaults(run=run)
        return made

    command("serve", "answer requests until SIGINT or SIGTERM", lambda config, _: _until(serving.serve, config))
    command("worker", "work events off beside servers (PostgreSQL)", lambda config, _: _until(serving.work, config))
    command("service", "print a unit of systemd that serves with these settings", _service)
    command("migrate", "bring the tables up to this program's", lambda config, _: _say(upkeep.migrate(config)))
    _add_accounts(command)
    _add_upkeep(command)
    return parser


def _settings() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    group = parser.add_argument_group("settings", "Each goes over its environment variable, and that over the file.")
    stated = os.environ.get(CONFIG_VARIABLE)
    group.add_argument("--config", type=Path, default=Path(stated) if stated else None, help="settings file (TOML)")
    for setting in SETTINGS:
        spare: dict[str, Any] = {"nargs": "?", "const": setting.alone} if setting.alone else {}
        group.add_argument(setting.flag, dest=setting.key, metavar="VALUE", help=setting.about, **spare)
    return parser


def _add_accounts(command: Callable[..., argparse.ArgumentParser]) -> None:
    setup = command(
        "setup",
        "make a user and an API token, which is printed once",
        lambda config, options: _say(accounts.setup(config, options.username, options.password_file)),
    )
    setup.add_argument("--username", required=True)
    setup.add_argument("--password-file", type=Path, help="its first line; without it one is made and printed")
    command("invite", "make an invitation for one account", lambda config, _: _say(accounts.invite(config)))
    claim = command(
        "claim",
        "make a wearable a user's",
        lambda config, options: _say(accounts.claim(config, options.username, options.device_id, options.key_file)),
    )
    claim.add_argument("--username", required=True)
    claim.add_argument("--device-id", required=True, help="16 hex digits")
    claim.add_argument("--key-file", type=Path, required=True, help="the device key: 32 bytes, or 64 hex digits")
    free = command(
        "free",
        "let anybody claim a wearable whose claim was never proven: somebody squats on its id",
        lambda config, options: _say(claims.free(config, options.device_id)),
    )
    free.add_argument("--device-id", required=True, help="16 hex digits")
    user = command("user", "list the users, give one a role, or close what is open of an account", _user)
    user.add_argument("username", nargs="?")
    user.add_argument("--role", choices=[role.value for role in Role])
    user.add_argument("--recover", action="store_true", help="print a link to choose a new password")
    user.add_argument("--reset-second-factor", action="store_true", help="ask for no code any more")
    user.add_argument("--close-sessions", action="store_true", help="end all sessions")
    user.add_argument("--close-all", action="store_true", help="end all sessions, and revoke all tokens")


def _add_upkeep(command: Callable[..., argparse.ArgumentParser]) -> None:
    events = command("events", "list events that failed for good, retry or drop one, back-fill a handler", _events)
    events.add_argument("--retry", type=int, metavar="EVENT")
    events.add_argument("--drop", type=int, metavar="EVENT")
    events.add_argument("--back-fill", choices=NAMES, metavar="HANDLER", help=", ".join(NAMES))
    for name in ("recompute", "rebuild"):  # the older name
        about = "derive again all that is derived from journals, uploads and files"
        command(name, about, lambda config, _: _say(upkeep.recompute(config)))
    backup = command(
        "backup",
        "copy everything into a new folder, while servers run",
        lambda config, options: _say(upkeep.backup(config, options.folder)),
    )
    restore = command(
        "restore",
        "fill an empty data folder and database from a backup",
        lambda config, options: _say(upkeep.restore(config, options.folder)),
    )
    for made in (backup, restore):
        made.add_argument("folder", type=Path)
    archive = command(
        "archive",
        "write all of a user's data into a new file",
        lambda config, options: _say(archives.archive(config, options.username, options.file)),
    )
    take = command(
        "take",
        "read an archive into a user's account, which is new or empty",
        lambda config, options: _say(archives.take(config, options.username, options.file)),
    )
    for made in (archive, take):
        made.add_argument("username")
        made.add_argument("file", type=Path)
    command("doctor", "look at all that a server needs, and say what is wrong", _doctor)


def _service(config: Config, options: argparse.Namespace) -> int:
    return _say(service.service(config, vars(options), options.config))


def _user(config: Config, options: argparse.Namespace) -> int:
    if options.username is None:
        return _say(accounts.list_users(config))
    if options.close_sessions or options.close_all:
        return _say(accounts.close(config, options.username, tokens=options.close_all))
    if options.recover:
        return _say(accounts.recover(config, options.username))
    if options.reset_second_factor:
        return _say(accounts.reset_second_factor(config, options.username))
    if options.role is None:
        raise UsageError(f"say what {options.username} shall be: --role ROLE, or --close-sessions")
    return _say(accounts.set_role(config, options.username, options.role))


def _events(config: Config, options: argparse.Namespace) -> int:
    if options.retry is not None:
        return _say(upkeep.retry(config, options.retry))
    if options.drop is not None:
        return _say(upkeep.drop(config, options.drop))
    if options.back_fill is not None:
        return _say(upkeep.back_fill(config, [options.back_fill]))
    return _say(upkeep.list_dead(config))


def _doctor(config: Config, _options: argparse.Namespace) -> int:
    lines, well = upkeep.doctor(config)
    _say(lines)
    return 0 if well else 1


def _until(run: Callable[[Config, Callable[[str], None]], None], config: Config) -> int:
    run(config, lambda line: print(line, flush=True))
    return 0


def _say(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return 0
