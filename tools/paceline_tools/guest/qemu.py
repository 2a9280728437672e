"""The emulator's command line. Software emulation only: /dev/kvm may be there and yet hang the guest for ever."""

import shutil
from pathlib import Path

from paceline_tools.guest import debian
from paceline_tools.guest.errors import GuestError
from paceline_tools.guest.image import Image

PROGRAM = "qemu-system-x86_64"
DEBIAN_PACKAGE = "qemu-system-x86"
MEMORY_MIB = 768


def ensure(may_install: bool, path: str | None = None) -> None:
    """See that the emulator is on the path (default: the process's own), or install it; GuestError otherwise."""
    if shutil.which(PROGRAM, path=path):
        return
    if not may_install:
        raise GuestError(f"{PROGRAM} is not on this machine and only root can install it ({DEBIAN_PACKAGE})")
    debian.refresh()
    debian.install(DEBIAN_PACKAGE)


def command(image: Image, sockets: dict[str, Path], console: Path) -> list[str]:
    """Return the command that runs the image; each socket is connected to the virtio port of that name.

    One processor: with two, the emulation's round trips are four times as slow. A guest that crashes ends QEMU.
    """
    ports = []
    for name, path in sockets.items():
        ports += ["-chardev", f"socket,path={path},id={name}", "-device", f"virtserialport,chardev={name},name={name}"]
    return [
        *(PROGRAM, "-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(MEMORY_MIB)),
        *("-nodefaults", "-display", "none", "-no-reboot", "-rtc", "base=utc", "-serial", f"file:{console}"),
        *("-kernel", str(image.kernel), "-initrd", str(image.files)),
        *("-append", "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable cryptomgr.notests"),
        *("-device", "virtio-serial-pci", *ports),
    ]
