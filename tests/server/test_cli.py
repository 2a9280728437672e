"""The command: setup and claim say what they did, or what is wrong."""

import time
from pathlib import Path

import pytest
from paceline_server.cli import main
from paceline_server.platform.tokens import identity_of
from paceline_server.tls.authority import fingerprint, load_or_make
from paceline_server.tls.certificate import issue
from paceline_server.tls.private_file import write_private


def run(data: Path, *arguments: str) -> int:
    """Run a command over a data folder."""
    return main([*arguments, "--data", str(data)])


def test_setup_prints_a_password_and_a_token_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "setup", "--username", "Ann") == 0
    said = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert said["user name"] == "ann"
    assert len(said["password"]) >= 16
    identity = identity_of(said["API token (shown only now)"])
    assert identity is not None and identity.owner_id == said["user id"]
    assert run(tmp_path, "setup", "--username", "ANN") == 1
    assert "taken" in capsys.readouterr().err


def test_a_user_is_given_a_role_and_the_list_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "setup", "--username", "ann") == 0
    assert run(tmp_path, "user", "Ann", "--role", "admin") == 0
    capsys.readouterr()
    assert run(tmp_path, "user") == 0
    assert capsys.readouterr().out.split()[1:] == ["admin", "ann"]
    assert run(tmp_path, "user", "eve", "--role", "coach") == 1
    assert run(tmp_path, "user", "ann") == 1


def test_setup_takes_a_password_file_and_refuses_a_short_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "password"
    file.write_text("correct horse battery\n")
    assert run(tmp_path / "data", "setup", "--username", "ann", "--password-file", str(file)) == 0
    assert "password" not in capsys.readouterr().out
    file.write_text("short\n")
    assert run(tmp_path / "data", "setup", "--username", "bob", "--password-file", str(file)) == 1
    assert "10 to 1000 characters" in capsys.readouterr().err
    assert run(tmp_path / "data", "setup", "--username", "../x", "--password-file", str(file)) == 1


@pytest.mark.parametrize("key", [bytes(range(32)), bytes(range(32)).hex().encode() + b"\n"], ids=["bytes", "hex"])
def test_a_wearable_is_claimed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], key: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(key)
    claim = ("claim", "--username", "ann", "--device-id", "0011223344556677", "--key-file", str(file))
    assert run(tmp_path / "data", *claim) == 1
    assert "no user ann" in capsys.readouterr().err
    assert run(tmp_path / "data", "setup", "--username", "ann") == 0
    assert run(tmp_path / "data", *claim) == 0
    assert run(tmp_path / "data", *claim) == 1
    assert "claimed already" in capsys.readouterr().err


@pytest.mark.parametrize(("device", "key"), [("123", bytes(32)), ("0011223344556677", b"short"), ("g" * 16, bytes(32))])
def test_a_bad_device_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], device: str, key: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(key)
    assert run(tmp_path / "data", "setup", "--username", "ann") == 0
    claim = ("claim", "--username", "ann", "--device-id", device, "--key-file", str(file))
    assert run(tmp_path / "data", *claim) == 1
    assert capsys.readouterr().err


def test_what_is_open_of_an_account_is_closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "setup", "--username", "ann") == 0
    for flag, said in (("--close-sessions", "0 sessions of ann"), ("--close-all", "1 sessions and tokens of ann")):
        assert run(tmp_path, "user", "Ann", flag) == 0
        assert capsys.readouterr().out.splitlines()[-1] == f"{said} are closed"
    assert run(tmp_path, "user", "bob", "--close-all") == 1
    assert "no user bob" in capsys.readouterr().err


def test_the_doctor_says_the_fingerprint_and_what_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    authority = load_or_make(tmp_path, "Paceline", (), time.time())
    write_private(tmp_path / "server.tls.pem", issue(authority, frozenset({"localhost"}), time.time() - 80 * 86400).pem)
    run(tmp_path, "doctor")
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("ok") and fingerprint(authority.certificate) in line for line in lines)
    assert any(line.startswith("WRONG") and "is a server running with --tls?" in line for line in lines)
    assert any("no server runs on the data folder" in line for line in lines)
    (tmp_path / "ca.pem").write_bytes(b"")
    (tmp_path / "server.tls.pem").write_bytes(b"")
    run(tmp_path, "doctor")
    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WRONG")]
    assert [any(word in line for line in wrong) for word in ("holds no authority", "holds no certificate")] == [
        True,
        True,
    ]
