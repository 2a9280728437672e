"""The parts of the guest that do not need one: what carries HCI into it, and what it is built of."""

import json
import os
import pwd
import random
import subprocess
import sys
from pathlib import Path

import pytest
from bumble import hci
from paceline_tools.guest import archive, kernel, python_code, qemu
from paceline_tools.guest.errors import GuestError
from paceline_tools.guest.image import INSIDE, Image
from paceline_tools.guest.inside.agent import answer
from paceline_tools.guest.inside.relay import packet_size

PACKETS = [
    hci.HCI_Reset_Command(),
    hci.HCI_LE_Set_Random_Address_Command(random_address=hci.Address("C0:00:00:00:00:01")),
    hci.HCI_AclDataPacket(connection_handle=0x40, pb_flag=2, bc_flag=0, data_total_length=300, data=bytes(300)),
    hci.HCI_Number_Of_Completed_Packets_Event(connection_handles=[1], num_completed_packets=[1]),
]


@pytest.mark.parametrize("packet", PACKETS, ids=lambda packet: type(packet).__name__)
def test_the_relay_finds_where_a_packet_ends(packet: hci.HCI_Packet) -> None:
    data = bytes(packet)
    assert packet_size(data + b"\x01\x02") == len(data)
    sizes = {packet_size(data[:length]) for length in range(1, len(data))}
    assert sizes <= {None, len(data)}


def test_the_agent_tells_what_fails_and_lives_on(tmp_path: Path) -> None:
    def ask(**request: object) -> dict[str, object]:
        return answer(json.dumps({"number": 7, **request}).encode())

    path = str(tmp_path / "folder" / "file")
    assert ask(do="read", path=path, offset=0) == {"number": 7, "base64": "", "size": 0}
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert ask(do="write", path=path, text="abc", mode=0o600, user=user) == {"number": 7}
    assert ask(do="read", path=path, offset=1) == {"number": 7, "base64": "YmM=", "size": 3}
    assert "KeyError" in str(ask(do="status", name="nobody")["error"])
    assert "KeyError" in str(ask(do="nothing")["error"])


def test_an_archive_is_what_cpio_writes() -> None:
    entries = {"a/b/file": archive.file(b"12345", 0o600), "link": archive.link("a/b/file"), "a": archive.folder(0o700)}
    packed = archive.pack(entries)
    assert len(packed) % 4 == 0
    read, at = {}, 0
    while at < len(packed):
        head = packed[at : at + 110]
        assert head[:6] == b"070701"
        fields = [int(head[6 + 8 * index : 14 + 8 * index], 16) for index in range(13)]
        name = packed[at + 110 : at + 110 + fields[11] - 1].decode()
        begin = at + (110 + fields[11] + 3) // 4 * 4
        read[name] = archive.Entry(fields[1], packed[begin : begin + fields[6]])
        at = begin + (fields[6] + 3) // 4 * 4
    assert read.pop("TRAILER!!!").data == b""
    assert list(read) == ["a", "a/b", "a/b/file", "link"]
    assert {name: read[name] for name in entries} == entries


def test_modules_come_after_those_that_they_need() -> None:
    def module(depends: str) -> archive.Entry:
        return archive.file(b"\x7fELF...\0depends=" + depends.encode() + b"\0license=GPL\0")

    package = {
        "lib/top.ko": module("middle-one,built_in"),
        "lib/middle-one.ko": module("low"),
        "lib/low.ko": module(""),
        "lib/other.ko": module(""),
    }
    found = [path for path, _ in kernel.modules(package, ["top", "low", "built_in"])]
    assert found == ["lib/low.ko", "lib/middle-one.ko", "lib/top.ko"]


def test_a_kernel_that_is_packed_otherwise_is_told() -> None:
    with pytest.raises(GuestError, match="not known here"):
        kernel.bare_kernel(random.Random(1).randbytes(4096))


def test_the_gateways_packages_are_found_without_those_of_the_server() -> None:
    names = {distribution.name.lower() for distribution in python_code.needed_by("paceline-gateway")}
    assert {"bleak", "dbus-fast", "cryptography", "aiohttp"} <= names
    assert not names & {"numpy", "sqlalchemy", "bumble", "pytest"}


def test_compiled_code_runs_without_its_source(tmp_path: Path) -> None:
    for name, entry in python_code.compiled({"one.py": archive.file(b"print(6 * 7)\n"), "two.py": archive.file(b"(")}):
        assert name.startswith("__pycache__/one.")
        (tmp_path / "one.pyc").write_bytes(entry.data)
    done = subprocess.run([sys.executable, tmp_path / "one.pyc"], capture_output=True, text=True, check=True)
    assert done.stdout == "42\n"


def test_the_emulator_never_takes_the_hosts_own_virtualisation(tmp_path: Path) -> None:
    command = qemu.command(Image(tmp_path / "k", tmp_path / "f", ()), {"hci": tmp_path / "hci"}, tmp_path / "console")
    assert command[command.index("-accel") + 1] == "tcg"
    assert not any("kvm" in word for word in command)
    assert command[command.index("-smp") + 1] == "1"


def test_without_an_emulator_and_the_right_to_install_it_the_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(GuestError, match="only root can install it"):
        qemu.ensure(may_install=False, path=str(tmp_path))


def test_the_first_process_is_a_script_that_the_guest_can_run() -> None:
    assert (INSIDE / "init").read_text().startswith("#!/bin/busybox sh\n")
