"""Settings: what is wrong gets one message with the place, secrets are not shown, `add` changes all or nothing."""

from pathlib import Path

import pytest
from paceline_gateway.config import load, parse
from paceline_gateway.config_edit import add_wearable
from paceline_gateway.errors import ConfigError

ID = "00112233445566ff"
KEY = "ab" * 32


def secret(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    secret(tmp_path / "anna.key", KEY + "\n")
    path = tmp_path / "gateway.toml"
    path.write_text(
        f'spool = "data"\n[server]\nurl = "https://host:8443/base/"\ntoken_file = "token"\n'
        f'[wearables.{ID}]\nkey_file = "anna.key"\nname = "Anna"\n'
    )
    config = load(path)
    assert config.spool == tmp_path / "data"
    assert config.server is not None
    assert config.server.url == "https://host:8443/base"
    assert config.key_of(bytes.fromhex(ID)) == bytes.fromhex(KEY)
    assert config.key_of(bytes(8)) is None
    assert KEY not in repr(config)
    assert repr(bytes.fromhex(KEY)) not in repr(config)


def test_a_name_is_made_of_the_id_when_none_is_given(tmp_path: Path) -> None:
    path = secret(tmp_path / "gateway.toml", f'[wearables.{ID}]\nkey = "{KEY}"\n')
    assert load(path).wearables[bytes.fromhex(ID)].name == "Paceline-66FF"


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("spool = ", "", "is not TOML"),
        ("spool = 3", ": spool", "must be a text"),
        ("spol = 'x'", ": spol", "is no setting"),
        ("max_connections = 0", ": max_connections", "from 1 to 16"),
        ("max_connections = true", ": max_connections", "from 1 to 16"),
        ("wearables = 3", ": wearables", "must be a table"),
        ("[wearables.12]\nkey_file='k'", ": wearables.12", "16 hex digits"),
        (f"[wearables]\n{ID} = 'k'", f": wearables.{ID}", "must be a table"),
        (f"[wearables.{ID}]\nname='x'", f": wearables.{ID}", "either key_file or key"),
        (f"[wearables.{ID}]\nkey_file='absent'", "absent", "No such file"),
        (f"[wearables.{ID}]\nkey='abc'", f": wearables.{ID}.key", "64 hex digits"),
        ("[server]\ntoken_file='t'", ": server.url", "must be a text"),
        ("[server]\nurl='ftp://x'\ntoken_file='t'", ": server.url", "must be like"),
        ("[server]\nurl='https://u:p@x'\ntoken_file='t'", ": server.url", "must be like"),
        ("[server]\nurl='https://x:port'\ntoken_file='t'", ": server.url", "Port"),
        ("[server]\nurl='http://example.org'\ntoken_file='t'", ": server.url", "allow_plain_http"),
        ("[server]\nurl='http://127.0.0.1'\ntoken_file='t'\nca_file='c'", ": server.url", "begin with https"),
    ],
)
def test_what_is_wrong_gets_one_message_with_the_place(tmp_path: Path, text: str, where: str, problem: str) -> None:
    path = secret(tmp_path / "gateway.toml", text)
    with pytest.raises(ConfigError, match=problem) as caught:
        load(path)
    assert where in caught.value.where


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:80", "https://example.org"])
def test_plain_http_stays_on_this_machine(tmp_path: Path, url: str) -> None:
    assert parse(f"[server]\nurl='{url}'\ntoken_file='t'", tmp_path / "c").server is not None


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    key = secret(tmp_path / "k", KEY, mode)
    inline = secret(tmp_path / "inline.toml", f"[wearables.{ID}]\nkey = '{KEY}'", mode)
    named = secret(tmp_path / "named.toml", f"[wearables.{ID}]\nkey_file = 'k'")
    token = parse("[server]\nurl='https://x'\ntoken_file='k'", tmp_path / "c").server
    assert token is not None
    for refused in (lambda: load(inline), lambda: load(named), token.token):
        with pytest.raises(ConfigError, match=r"everybody may read or write it; do: chmod o= ") as caught:
            refused()
        assert KEY not in str(caught.value)
    key.chmod(0o640)
    assert load(named).wearables


@pytest.mark.parametrize("text", ["", "two words", "line\nline\nline", "nul\x00", "x" * 5000, "\xff"])
def test_a_secret_is_one_printable_word(tmp_path: Path, text: str) -> None:
    path = tmp_path / "token"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    server = parse("[server]\nurl='https://x'\ntoken_file='token'", tmp_path / "c").server
    assert server is not None
    with pytest.raises(ConfigError):
        server.token()


def test_add_appends_and_refuses_what_is_there_or_wrong(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    key = secret(tmp_path / "k", KEY)
    add_wearable(path, ID.upper(), key, name='A "quoted" \\ name\n')
    assert path.stat().st_mode & 0o777 == 0o600
    config = add_wearable(path, "11" * 8, key)
    assert [item.name for item in config.wearables.values()] == ['A "quoted" \\ name\n', "Paceline-1111"]
    before = path.read_text()
    wrong = secret(tmp_path / "wrong", "abc")
    for device_id, key_file in ((ID, key), ("xyz", key), ("22" * 8, wrong), ("22" * 8, tmp_path / "absent")):
        with pytest.raises(ConfigError):
            add_wearable(path, device_id, key_file)
    assert path.read_text() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["gateway.toml", "k", "wrong"]


def test_add_leaves_a_file_that_is_not_understood_as_it_is(tmp_path: Path) -> None:
    path = secret(tmp_path / "gateway.toml", "this is = not TOML [")
    with pytest.raises(ConfigError, match="is not TOML"):
        add_wearable(path, ID, secret(tmp_path / "k", KEY))
    assert path.read_text() == "this is = not TOML ["
