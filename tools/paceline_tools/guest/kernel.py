"""Of a kernel package: the bare kernel that QEMU boots without its loader, and the modules in the order to load."""

import lzma
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import zstandard

from paceline_tools.guest.archive import Entry, file
from paceline_tools.guest.errors import GuestError

MODULES = (
    "virtio_pci",
    "virtio_console",
    # Without these bluetoothd pairs nothing ("Unable to create ECDH crypto context") or the kernel has no SMP at all.
    "drbg",
    "cmac",
    "ecb",
    "ccm",
    "ecdh_generic",
    "algif_hash",
    "algif_skcipher",
    "bluetooth",
    "hci_vhci",
)
_ELF = b"\x7fELF"
_XZ, _ZSTD = b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"


def bare_kernel(vmlinuz: bytes) -> bytes:
    """Return the ELF kernel packed inside; it starts 3 to 4 s sooner where the processor is emulated."""
    for magic in (_XZ, _ZSTD):
        at = vmlinuz.find(magic)
        while at >= 0:
            kernel = _inflated(vmlinuz[at:])
            if kernel is not None and kernel.startswith(_ELF):
                return kernel
            at = vmlinuz.find(magic, at + 1)
    raise GuestError("the kernel is packed in a way that is not known here")


def modules(package: Mapping[str, Entry], wanted: Sequence[str] = MODULES) -> list[tuple[str, Entry]]:
    """Return path and file of the wanted modules, each after those that it needs; what is built in has no file."""
    paths = {_module_name(path): path for path in package if ".ko" in PurePosixPath(path).suffixes}
    order: dict[str, Entry] = {}
    for name in wanted:
        _load(name, paths, package, order)
    return list(order.items())


def _load(name: str, paths: Mapping[str, str], package: Mapping[str, Entry], order: dict[str, Entry]) -> None:
    path = paths.get(_module_name(name))
    if path is None or path.partition(".ko")[0] + ".ko" in order:
        return
    data = package[path].data
    plain = data if data.startswith(_ELF) else _inflated(data)
    if plain is None:
        raise GuestError(f"the module {name} is packed in a way that is not known here")
    for needed in _depends(plain):
        _load(needed, paths, package, order)
    order[path.partition(".ko")[0] + ".ko"] = file(plain)


def _depends(module: bytes) -> Iterable[str]:
    found = re.search(rb"\0depends=([^\0]*)\0", module)
    return [name for name in found.group(1).decode().split(",") if name] if found else []


def _module_name(path: str) -> str:
    return PurePosixPath(path).name.partition(".ko")[0].replace("-", "_")


def _inflated(data: bytes) -> bytes | None:
    try:
        if data.startswith(_XZ):
            return lzma.LZMADecompressor().decompress(data)
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    except (lzma.LZMAError, zstandard.ZstdError):
        return None
