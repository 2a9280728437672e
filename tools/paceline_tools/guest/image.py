"""The guest's kernel and file system, built of Debian packages once and kept under build/ by their versions."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from paceline_tools.guest import archive, debian, kernel, python_code
from paceline_tools.guest.archive import Entry
from paceline_tools.guest.errors import GuestError
from paceline_tools.stage import SOURCE

FOLDER = SOURCE / "build" / "bluez"
INSIDE = Path(__file__).parent / "inside"
KERNEL_PACKAGE = "linux-image-amd64"
PACKAGES = ("bluez", "busybox-static", "dbus", "python3")
_NOT_NEEDED = ("perl", "libperl", "debconf", "adduser", "passwd", "dpkg", "tar=", "usrmerge", "libgdbm", "udev")
"""Beginnings of names: what only installs, or what nobody calls here."""
_LEFT_OUT = (
    "usr/share/doc/",
    "usr/share/man/",
    "usr/share/locale/",
    "usr/share/lintian/",
    "usr/share/alsa/",
    "usr/share/dbus-1/system-services/",  # without systemd nobody could start what they name
    f"usr/lib/python{python_code.VERSION}/test/",
    f"usr/lib/python{python_code.VERSION}/lib2to3/",
    f"usr/lib/python{python_code.VERSION}/pydoc_data/",
)
_USERS = {"root": 0, "messagebus": 100, "paceline": 200, "nobody": 65534}
_BLUETOOTH_GROUP = "bluetooth:x:101:paceline\n"


@dataclass(frozen=True)
class Image:
    """A bootable guest: the kernel, and the archive that is its file system."""

    kernel: Path
    files: Path
    versions: tuple[str, ...]


def build(folder: Path = FOLDER) -> Image:
    """Return the image for the packages that apt offers now, building it when it is not there yet."""
    apt = debian.Apt(folder / "apt")
    kernel_version, names = _resolved(apt)
    wheels = python_code.needed_by("paceline-gateway")
    versions = (kernel_version, *names, *(f"{wheel.name}={wheel.version}" for wheel in wheels))
    home = folder / f"image-{_key(versions)}"
    image = Image(home / "vmlinux", home / "files.cpio", versions)
    if not home.is_dir():
        _check_python(names)
        part = folder / "part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _fill(part, apt, versions=(kernel_version, names), wheels=wheels)
        for old in folder.glob("image-*"):
            shutil.rmtree(old)
        part.rename(home)
    return image


def with_sources(image: Image, target: Path) -> Image:
    """Return the image with the gateway as it is in the tree now, and the programs of the guest itself."""
    entries = dict(_sources())
    entries.update(list(python_code.compiled(entries)))
    with target.open("wb") as whole:
        whole.write(image.files.read_bytes())
        whole.write(archive.pack(entries))
    return Image(image.kernel, target, image.versions)


def _sources() -> Iterator[tuple[str, Entry]]:
    yield from python_code.package_files(SOURCE / "gateway" / "paceline_gateway")
    yield from python_code.package_files(SOURCE / "protocol" / "paceline_protocol")
    for path in sorted(INSIDE.glob("*.py")):
        yield f"opt/inside/{path.name}", archive.file(path.read_bytes())
    yield "init", archive.file((INSIDE / "init").read_bytes(), 0o755)


def _resolved(apt: debian.Apt) -> tuple[str, list[str]]:
    try:
        return apt.newest_kernel(KERNEL_PACKAGE), _wanted(apt)
    except GuestError:
        debian.refresh()
        return apt.newest_kernel(KERNEL_PACKAGE), _wanted(apt)


def _wanted(apt: debian.Apt) -> list[str]:
    return [name for name in apt.closure(PACKAGES) if not name.startswith(_NOT_NEEDED)]


def _check_python(names: list[str]) -> None:
    if not any(name.startswith(f"python{python_code.VERSION}=") for name in names):
        raise GuestError(
            f"Debian's Python is not the {python_code.VERSION} of this environment, whose wheels it would run"
        )


def _key(versions: tuple[str, ...]) -> str:
    ours = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256("\n".join(versions).encode() + b"".join(ours)).hexdigest()[:12]


def _fill(part: Path, apt: debian.Apt, *, versions: tuple[str, list[str]], wheels: list[Distribution]) -> None:
    kernel_version, names = versions
    entries: dict[str, Entry] = dict(_settings())
    for package in apt.fetch(names):
        entries.update((name, entry) for name, entry in debian.unpacked(package) if not name.startswith(_LEFT_OUT))
    for wheel in wheels:
        entries.update(python_code.files_of(wheel))
    entries.update(list(python_code.compiled(entries)))
    (kernel_package,) = apt.fetch([kernel_version])
    of_kernel = dict(debian.unpacked(kernel_package))
    loaded = kernel.modules(of_kernel)
    entries.update(loaded)
    entries["modules"] = archive.file("".join(f"/{path}\n" for path, _ in loaded).encode())
    vmlinuz = next(entry.data for name, entry in of_kernel.items() if name.startswith("boot/vmlinuz"))
    (part / "vmlinux").write_bytes(kernel.bare_kernel(vmlinuz))
    (part / "files.cpio").write_bytes(archive.pack(entries))


def _settings() -> Iterator[tuple[str, Entry]]:
    """What the packages' installation would have made."""
    for name in ("bin", "sbin", "lib", "lib64"):
        yield name, archive.link(f"usr/{name}")
    users = "".join(f"{name}:x:{number}:{number}::/root:/bin/sh\n" for name, number in _USERS.items())
    groups = "".join(f"{name}:x:{number}:\n" for name, number in _USERS.items())
    yield "etc/passwd", archive.file(users.encode())
    yield "etc/group", archive.file((groups + _BLUETOOTH_GROUP).encode())
    yield "etc/machine-id", archive.file(b"00112233445566778899aabbccddeeff\n")
    yield "var/run", archive.link("/run")
    for empty in ("dev", "proc", "sys", "run", "root"):
        yield empty, archive.folder()
    yield "tmp", archive.folder(0o1777)
