"""Settings by file, environment and flags; and the README's table, which must be the code's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from paceline_gateway.config import parse
from paceline_gateway.errors import ConfigError
from paceline_gateway.settings_table import SETTINGS, VARIABLE_PREFIX, Setting, given_by

README = Path(__file__).resolve().parents[2] / "gateway" / "README.md"
BY_KEY = {setting.key: setting for setting in SETTINGS}


def row(setting: Setting) -> str:
    default = "–" if setting.default is None else f"`{str(setting.default).lower()}`"
    return f"| `{setting.key}` | `{setting.variable}` | `{setting.flag}` | {default} | {setting.about} |"


def test_the_readme_has_the_rows_of_the_code_and_no_other() -> None:
    rows = [line for line in README.read_text().splitlines() if f"`{VARIABLE_PREFIX}" in line and line.startswith("|")]
    assert rows == [row(setting) for setting in SETTINGS]


def test_the_environment_goes_over_the_file_and_a_flag_over_both(tmp_path: Path) -> None:
    text = "max_connections = 2\nalert_after_h = 5\n[local]\nport = 1\n"
    environment = {"PACELINE_GATEWAY_ALERT_AFTER_H": "6", "PACELINE_GATEWAY_LOCAL_PORT": "2", "OTHER": "x"}
    config = parse(text, tmp_path / "c", given_by(environment, {"local.port": "3", "spool": None}))
    assert (config.max_connections, config.alert_after_h, config.local_port) == (2, 6.0, 3)
    assert config.spool == tmp_path / "spool"


def test_a_path_is_relative_to_where_it_is_said(tmp_path: Path) -> None:
    assert parse("spool = 'x'", tmp_path / "c").spool == tmp_path / "x"
    given = given_by({"PACELINE_GATEWAY_SPOOL": "x"}, {})
    assert parse("", tmp_path / "c", given).spool == Path("x").absolute()


def test_a_server_may_be_given_by_the_environment_alone(tmp_path: Path) -> None:
    environment = {"PACELINE_GATEWAY_SERVER_URL": "https://host", "PACELINE_GATEWAY_SERVER_TOKEN_FILE": "/t"}
    server = parse("", tmp_path / "c", given_by(environment, {})).server
    assert server is not None and (server.url, server.token_file) == ("https://host", Path("/t"))


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("MAX_CONNECTIONS", "17", "from 1 to 16"),
        ("MAX_CONNECTIONS", "three", "from 1 to 16"),
        ("MAX_CONNECTIONS", "2.5", "from 1 to 16"),
        ("ALERT_AFTER_H", "nan", "from 0 to 8760"),
        ("LOG_FORMAT", "xml", "text or json"),
        ("SPOOL", "", "not empty"),
        ("SERVER_ALLOW_PLAIN_HTTP", "perhaps", "true or false"),
        ("SPOOOL", "x", "is no setting"),
        ("KEY", "x", "is no setting"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        given_by({VARIABLE_PREFIX + variable: text}, {})
    assert caught.value.where == VARIABLE_PREFIX + variable


def test_a_wrong_flag_is_named_and_a_wrong_url_by_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="0 to 65535") as caught:
        given_by({}, {"local.port": "-1"})
    assert caught.value.where == "--local-port"
    with pytest.raises(ConfigError, match="must be like") as caught:
        parse("", tmp_path / "c", given_by({}, {"server.url": "ftp://x", "server.token_file": "t"}))
    assert caught.value.where == "--server-url"


def test_no_name_of_a_setting_is_taken_by_an_argument_of_a_command() -> None:
    assert len({setting.flag for setting in SETTINGS}) == len(SETTINGS) == len(BY_KEY)
    assert not {setting.flag for setting in SETTINGS} & {"--config", "--verbose", "--timeout", "--once"}


def test_the_command_takes_its_file_and_settings_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text("")
    (tmp_path / "moved").mkdir()
    environment = {
        **os.environ,
        "PACELINE_GATEWAY_CONFIG": str(tmp_path / "elsewhere.toml"),
        "PACELINE_GATEWAY_LOCAL_PORT": "70000",
    }

    def status(*flags: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "paceline_gateway", *flags, "status"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)

    result = status()
    assert result.returncode == 1
    assert "PACELINE_GATEWAY_LOCAL_PORT: must be a number from 0 to 65535" in result.stderr
    assert status("--local-port", "8090").returncode == 0
