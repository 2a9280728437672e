"""The commands `login` and `logout`, and what they need of this machine: a terminal, the clock, its name."""

import argparse
import asyncio
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from paceline_gateway.config import Config
from paceline_gateway.login.command import Desk, Wish, log_in, log_out, server_url_of

PathOf = Callable[[argparse.Namespace], Path]
ConfigOf = Callable[[argparse.Namespace], Config]


def add_login_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", path_of: PathOf, config_of: ConfigOf
) -> None:
    """Add both; `path_of` gives the settings file that the options name, `config_of` what it says."""
    login = commands.add_parser("login", help="get a token from the server, by a code that a person approves")
    login.add_argument("url", nargs="?", help="address of the server (default: that of the settings)")
    login.add_argument("--name", default=socket.gethostname(), help="what the server calls this gateway")
    login.add_argument("--ca-file", type=Path, help="PEM file of the server's own authority, to be pinned")
    login.add_argument("--fingerprint", help="SHA-256 of the server's own authority: pinned without being asked")
    login.set_defaults(command=lambda options: _log_in(path_of(options), options))
    logout = commands.add_parser("logout", help="give the token back")
    logout.set_defaults(command=lambda options: _log_out(config_of(options)))


def desk() -> Desk:
    """Return this terminal."""

    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def agree(question: str) -> bool:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}

    return Desk(say, agree if sys.stdin.isatty() else None, asyncio.sleep, time.monotonic)


def _log_in(path: Path, options: argparse.Namespace) -> int:
    url = options.url or server_url_of(path)
    wish = Wish(url, options.name, options.ca_file, options.fingerprint)
    asyncio.run(log_in(path, wish, desk()))
    return 0


def _log_out(config: Config) -> int:
    asyncio.run(log_out(config, desk()))
    return 0
