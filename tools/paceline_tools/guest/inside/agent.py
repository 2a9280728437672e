"""Inside the guest: does what the host asks over a virtio port, one JSON object a line each way, numbered by the host.

{"do": "start", "name": "gateway", "command": […], "user": "root"} → {"pid": 123}, its output in /run/gateway.log
{"do": "signal", "name": …, "signal": 9} · {"do": "status", "name": …} → {"status": null while it runs}
{"do": "write", "path": …, "text": …, "mode": 384, "user": …} → {} · {"do": "adapter"} → {"names": ["hci0"]}
{"do": "read", "path": …, "offset": 0} → {"base64": …, "size": …} · {"do": "list", "pattern": …} → {"paths": […]}
What fails is answered {"error": …}. The agent never waits for a program: the host asks again.
"""

import base64
import glob
import json
import os
import pwd
import select
import shutil
import subprocess
from pathlib import Path

_LARGEST_READ = 512 * 1024
_programs: dict[str, "subprocess.Popen[bytes]"] = {}
Json = dict[str, object]


def port(name: str) -> str:
    """Return the device of the virtio port with that name."""
    for folder in Path("/sys/class/virtio-ports").iterdir():
        if (folder / "name").read_text().strip() == name:
            return f"/dev/{folder.name}"
    raise FileNotFoundError(name)


def do_start(name: str, command: list[str], user: str) -> Json:
    """Start a program under a name, as a user with all its groups; its output is appended to its log."""
    with open(f"/run/{name}.log", "ab") as log:
        who = pwd.getpwnam(user)
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=who.pw_uid,
            group=who.pw_gid,
            extra_groups=os.getgrouplist(user, who.pw_gid),
        )
    _programs[name] = program
    return {"pid": program.pid}


def do_signal(name: str, signal: int) -> Json:
    """Send a signal to a program started here; nothing when it has ended."""
    if _programs[name].poll() is None:
        _programs[name].send_signal(signal)
    return {}


def do_status(name: str) -> Json:
    """Return the exit status, None while it runs."""
    return {"status": _programs[name].poll()}


def do_write(path: str, text: str, mode: int, user: str) -> Json:
    """Write a file and the folder that it lies in; both are the user's."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    Path(path).chmod(mode)
    for owned in (Path(path).parent, Path(path)):
        shutil.chown(owned, user)
    return {}


def do_read(path: str, offset: int) -> Json:
    """Return a part of a file from an offset on, and the file's size; a missing file is empty."""
    if not Path(path).exists():
        return {"base64": "", "size": 0}
    with open(path, "rb") as file:
        file.seek(offset)
        data = file.read(_LARGEST_READ)
        return {"base64": base64.b64encode(data).decode(), "size": os.fstat(file.fileno()).st_size}


def do_list(pattern: str) -> Json:
    """Return the paths that match."""
    return {"paths": sorted(glob.glob(pattern, recursive=True))}


def do_adapter() -> Json:
    """Return the names of the kernel's Bluetooth adapters."""
    return {"names": sorted(path.name for path in Path("/sys/class/bluetooth").iterdir() if ":" not in path.name)}


def answer(line: bytes) -> Json:
    """Do one request."""
    request = json.loads(line)
    number = request.pop("number")
    try:
        return {"number": number, **globals()["do_" + request.pop("do")](**request)}
    except Exception as error:  # noqa: BLE001 -- the top of the agent: the host is told, the agent lives on
        return {"number": number, "error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Say that the agent is there, then answer until the power is cut or the host is gone."""
    control = os.open(port("control"), os.O_RDWR | os.O_NONBLOCK)
    hci = port("hci")
    poll = select.poll()
    poll.register(control, select.POLLIN)
    _send(control, {"ready": True, "hci": hci})
    received = b""
    while True:
        poll.poll()
        data = os.read(control, 65536)
        if not data:
            return  # the host has let go: nobody will cut the power
        received += data
        while b"\n" in received:
            line, received = received.split(b"\n", 1)
            _send(control, answer(line))


def _send(control: int, message: Json) -> None:
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        try:
            data = data[os.write(control, data) :]
        except BlockingIOError:
            select.select([], [control], [])


if __name__ == "__main__":
    main()
