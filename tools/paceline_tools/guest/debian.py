"""Debian packages by the machine's own apt, unpacked without being installed."""

import io
import os
import stat
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from paceline_tools.guest.archive import Entry
from paceline_tools.guest.errors import GuestError

_MERGED = ("bin/", "sbin/", "lib/", "lib64/")
_QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


class Apt:
    """Finds and fetches packages below `folder`, as for a machine on which nothing is installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        empty = {
            "Dir::State::status": folder / "status",
            "Dir::Cache": folder,
            "Dir::Cache::archives": folder / "archives",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "1",
        }
        self._options = [word for name, value in empty.items() for word in ("-o", f"{name}={value}")]

    def closure(self, packages: Sequence[str]) -> list[str]:
        """Return `name=version` of the packages and of all that they depend on, sorted; GuestError when unknown."""
        lines = _said(["apt-get", *self._options, "-q", "--simulate", "install", *packages]).splitlines()
        words = [line.split() for line in lines if line.startswith("Inst ")]
        return sorted(f"{name}={version.removeprefix('(')}" for _, name, version, *_ in words)

    def newest_kernel(self, package: str) -> str:
        """Return `name=version` of the kernel that a package such as linux-image-amd64 stands for."""
        depends = _said(["apt-cache", "depends", package]).split()
        names = [name for name in depends if name.startswith("linux-image-") and name != package]
        if not names:
            raise GuestError(f"apt knows no kernel behind {package}")
        return f"{names[0]}={_version(names[0])}"

    def fetch(self, packages: Sequence[str]) -> list[Path]:
        """Return a file of each package (`name=version`), downloading those that are not here yet."""
        archives = self._folder / "archives"
        missing = [package for package in packages if not _archive(archives, package)]
        if missing:
            _said(["apt-get", *self._options, "-qq", "download", *missing], archives)
        found = [_archive(archives, package) for package in packages]
        return [path for path in found if path is not None]


def refresh() -> None:
    """Let apt read its sources anew."""
    _said(["apt-get", "-qq", "update"])


def install(package: str) -> None:
    """Install a package on this machine; only root may."""
    _said(["apt-get", "-qq", "-y", "--no-install-recommends", "install", package])


def unpacked(package: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the files and links of a package, the split folders of old merged into /usr."""
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            name = _merged(member.name.removeprefix("./").rstrip("/"))
            if member.issym():
                yield name, Entry(stat.S_IFLNK | 0o777, member.linkname.encode())
            elif member.isfile() or member.islnk():
                content = tar.extractfile(member)
                assert content is not None
                yield name, Entry(stat.S_IFREG | (member.mode & 0o7777), content.read())


def _merged(name: str) -> str:
    return f"usr/{name}" if name.startswith(_MERGED) else name


def _archive(archives: Path, package: str) -> Path | None:
    name, _, version = package.partition("=")
    version = version.replace(":", "%3a")
    return next(iter(sorted(archives.glob(f"{name}_{version}_*.deb"))), None)


def _version(package: str) -> str:
    shown = _said(["apt-cache", "policy", package])
    for line in shown.splitlines():
        if "Candidate:" in line:
            return line.split()[-1]
    raise GuestError(f"apt has no {package}")


def _said(command: Sequence[str], folder: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, env=_QUIET, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise GuestError(f"{command[0]} is not on this machine") from error
    if done.returncode:
        complaint = done.stderr.strip().splitlines() or ["without a word"]
        raise GuestError(f"{command[0]} failed: {complaint[-1]}")
    return done.stdout
