"""Logging in, piece by piece: what each answer means, what is written where, whose authority is pinned."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from gateway.authority import Authority
from paceline_gateway.config import Tokens, load
from paceline_gateway.config_edit import add_wearable
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.login.authority import offered_of, same_fingerprint
from paceline_gateway.login.grant import Begun, LetIn, Polling, begun_of
from paceline_gateway.login.kept import TOKEN_NAME, keep, settings_text
from paceline_gateway.uplink.account_client import Reply

GRANT = {"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://x/device"}
LINES = {"url": "https://new.example", "token_file": TOKEN_NAME}


def refused(error: str) -> Reply:
    return Reply(400, {"error": error})


def test_a_grant_is_read_and_odd_numbers_are_not_believed() -> None:
    begun = begun_of(Reply(200, GRANT | {"verification_uri_complete": "https://x/device?c", "expires_in": 900}))
    assert begun == Begun("d", "WDJB-MJHT", "https://x/device", "https://x/device?c", 900, 5)
    assert begun_of(Reply(200, GRANT | {"interval": 1e9, "expires_in": "x"})).interval_s == 5


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, {}),
        Reply(200, {}),
        Reply(200, GRANT | {"user_code": "\x1b[2J"}),
        Reply(401, {"error": "invalid_client"}),
        Reply(429, {"error": "too_many_attempts", "message": "Too many attempts."}),
    ],
)
def test_a_server_that_gives_no_code_is_told(reply: Reply) -> None:
    with pytest.raises(UplinkError, match=f"gives no code to log in with .{reply.status}"):
        begun_of(reply)


def test_polling_slows_down_as_the_rfc_says() -> None:
    polling = Polling(begun_of(Reply(200, GRANT)))
    waits = []
    for reply in (
        refused("authorization_pending"),
        refused("slow_down"),
        refused("authorization_pending"),
        None,
        Reply(503, {}),
        Reply(429, {}),
        None,
    ):
        assert polling.answered(reply) is None
        waits.append(polling.interval_s)
    assert waits == [5, 10, 10, 20, 40, 60, 60]
    assert polling.answered(Reply(200, {"access_token": "t", "username": "ann"})) == LetIn(Tokens("t", None), "ann")
    renewed = Reply(200, {"access_token": "t", "refresh_token": "r", "username": "ann"})
    assert polling.answered(renewed) == LetIn(Tokens("t", "r"), "ann")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refused("access_denied"), "a person refused"),
        (refused("expired_token"), "in time"),
        (refused("invalid_grant"), "400 invalid_grant"),
        (Reply(200, {}), "answered 200"),
    ],
)
def test_what_ends_the_polling_is_told(reply: Reply, told: str) -> None:
    with pytest.raises(UplinkError, match=told):
        Polling(begun_of(Reply(200, GRANT))).answered(reply)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", '[server]\nurl = "https://new.example"\ntoken_file = "server.token"\n'),
        (
            'spool = "s"\n[server]  # ours\nurl = "https://old.example"\nca_file = "x"\ntoken_file = "t"\n'
            "# mine\nallow_plain_http = false\n\n[local]\nport = 1\n",
            'spool = "s"\n[server]  # ours\nurl = "https://new.example"\ntoken_file = "server.token"\n'
            "# mine\nallow_plain_http = false\n\n[local]\nport = 1\n",
        ),
        ('spool = "s"', 'spool = "s"\n\n[server]\nurl = "https://new.example"\ntoken_file = "server.token"\n'),
        ("[server]", '[server]\nurl = "https://new.example"\ntoken_file = "server.token"\n'),
    ],
)
def test_only_the_servers_lines_change(tmp_path: Path, old: str, new: str) -> None:
    assert settings_text(old, tmp_path / "gateway.toml", LINES) == new


@pytest.mark.parametrize(
    "old",
    [
        'server = {url = "https://old.example", token_file = "t"}\n',
        'server.url = "https://old.example"\nserver.token_file = "t"\n',
        '[server]\nurl = """https://\nold"""\ntoken_file = "t"\n',
    ],
)
def test_settings_in_another_style_are_left_to_their_owner(tmp_path: Path, old: str) -> None:
    with pytest.raises(ConfigError, match="by hand:\nurl = "):
        settings_text(old, tmp_path / "gateway.toml", LINES)


def test_a_token_never_goes_where_the_settings_forbid_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="would show the token"):
        settings_text("", tmp_path / "gateway.toml", LINES | {"url": "http://server.example"})


def test_what_is_kept_is_for_the_gateways_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    umask = os.umask(0)
    try:
        config = keep(path, settings_text("", path, LINES), Tokens("secret-token", "renews it"), None)
        keep(path, path.read_text(), Tokens("another", None), None)
    finally:
        os.umask(umask)
    assert config.server is not None
    assert config.server.token() == "another"
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (TOKEN_NAME, path.name)] == [0o600, 0o600]
    assert sorted(os.listdir(tmp_path)) == [path.name, TOKEN_NAME]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_keeps_belongs_to_the_owner_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text("")
    os.chown(path, 1234, 1234)
    keep(path, settings_text("", path, LINES), Tokens("t", "r"), b"pem\n")
    assert {(tmp_path / name).stat().st_uid for name in os.listdir(tmp_path)} == {1234}


def test_an_authority_is_named_by_its_fingerprint(tmp_path: Path) -> None:
    pem = Authority(tmp_path).file.read_bytes()
    offered = offered_of(b"words before\n" + pem, "here")
    assert offered.pem == pem and offered.name == "CN=Made Up"
    assert len(offered.fingerprint) == 95
    assert same_fingerprint(offered.fingerprint.replace(":", "").lower(), offered)
    assert not same_fingerprint(offered.fingerprint[:-1] + "!", offered)
    for data, problem in (
        (b"", "does not hold one"),
        (pem + pem, "does not hold one"),
        (b"x" * 100, "does not hold one"),
    ):
        with pytest.raises(UplinkError, match=problem):
            offered_of(data, "here")


def test_a_wearable_that_cannot_be_claimed_is_not_added(tmp_path: Path) -> None:
    path, key = tmp_path / "gateway.toml", tmp_path / "key"
    path.write_text('spool = "s"\n')
    key.write_text("00" * 32)
    key.chmod(0o600)

    def refuse(*_: Any) -> None:
        raise UplinkError("it is another's")

    with pytest.raises(UplinkError):
        add_wearable(path, "ab" * 8, key, claim=refuse)
    assert path.read_text() == 'spool = "s"\n'
    add_wearable(path, "ab" * 8, key)
    assert len(load(path).wearables) == 1
