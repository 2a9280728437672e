"""Settings: the file, the environment over it, flags over both; docs/OPERATIONS.md repeats the table."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from paceline_server.cli import main
from paceline_server.config import Config, config_of
from paceline_server.errors import UsageError
from paceline_server.settings_table import SETTINGS, Setting, read_settings

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "OPERATIONS.md"


def row(setting: Setting) -> str:
    """Return a setting as the document says it."""
    default = "–" if setting.default is None else f"`{str(setting.default).lower()}`"
    return f"| `{setting.key}` | `{setting.variable}` | `{setting.flag}` | {default} | {setting.about} |"


def test_the_document_repeats_the_table() -> None:
    said = [line for line in DOCUMENT.read_text().splitlines() if "PACELINE_SERVER_" in line and line.startswith("|")]
    assert said == [row(setting) for setting in SETTINGS]


def test_every_setting_is_a_field_with_the_same_default() -> None:
    assert [setting.key for setting in SETTINGS] == [field.name for field in fields(Config)]
    defaults = {field.name: field.default for field in fields(Config) if field.name != "data"}
    assert {setting.key: setting.default for setting in SETTINGS if setting.key != "data"} == defaults


def test_every_path_is_one_from_wherever_it_comes() -> None:
    paths = [setting.key for setting in SETTINGS if setting.kind == "path"]
    config = config_of(read_settings({}, dict.fromkeys(paths, "/somewhere"), None))
    assert [getattr(config, key) for key in paths] == [Path("/somewhere")] * len(paths)


def test_flags_go_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('data = "kept"\nport = 1\nhost = "file"\nlog_requests = true\nlog_format = "json"\n')
    environment = {"PACELINE_SERVER_HOST": "variable", "PACELINE_SERVER_PORT": "2", "PACELINE_SERVER_CONFIG": "x"}
    values = read_settings(environment, {"port": "3", "host": None}, file)
    assert (values["port"], values["host"], values["log_requests"]) == (3, "variable", True)
    assert (values["data"], values["log_format"]) == (str(tmp_path / "kept"), "json")
    assert values["max_body_bytes"] == 1 << 20


@pytest.mark.parametrize(
    ("text", "environment", "flags", "said"),
    [
        ("port = 70000", {}, {}, r"server.toml: port must be a number from 0 to 65535"),
        ('port = "8080"', {}, {}, r"server.toml: port must be a number"),
        ("prot = 1", {}, {}, r"prot is no setting; there are data, "),
        ("port = ", {}, {}, r"is no TOML"),
        ("", {"PACELINE_SERVER_PROT": "1"}, {}, r"PACELINE_SERVER_PROT is no setting"),
        ("", {"PACELINE_SERVER_WORK": "perhaps"}, {}, r"PACELINE_SERVER_WORK must be true or false"),
        ("", {}, {"log_format": "xml"}, r"--log-format must be text or json"),
        ("", {}, {"session_lifetime_s": "nan"}, r"--session-lifetime-s must be a number"),
        ("", {}, {"port": "x"}, r"--port must be a number"),
        ("", {}, {"data": ""}, r"--data must be a text that is not empty"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, text: str, environment: dict[str, str], flags: dict[str, Any], said: str
) -> None:
    file = tmp_path / "server.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        read_settings(environment, flags, file)


def test_the_command_asks_for_a_data_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 1
    assert "--data FOLDER" in capsys.readouterr().err
