"""`python -m paceline_tools.bench.apple_health [MEGABYTES]`: memory and CPU of reading an Apple Health export.

The export is made up, written into a zip in a temporary folder, and read in a process of its own, all entries of it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from paceline_server.formats.archives.opening import open_archive

from paceline_tools.bench.made_apple_health import made_export

MEGABYTES = 1024
GOAL_MIB = 200


def main() -> int:
    """Make, read, print; 1 when more memory was needed than the goal."""
    if sys.argv[1:2] == ["read"]:
        print(json.dumps(read(Path(sys.argv[2]))))
        return 0
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    with tempfile.TemporaryDirectory(prefix="paceline-bench-") as folder:
        path = Path(folder) / "export.zip"
        size = make(path, megabytes << 20)
        words = [sys.executable, "-m", "paceline_tools.bench.apple_health", "read", str(path)]
        found = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        zipped = path.stat().st_size
    cpu_s = found["cpu_s"]
    print(f"export.xml of {size / 2**20:,.0f} MiB in a zip of {zipped / 2**20:,.0f} MiB, made up:")
    print(f"  memory  {found['peak_mib']:.0f} MiB at most, {found['empty_mib']:.0f} of them before (goal {GOAL_MIB})")
    print(
        f"  CPU     {cpu_s:.1f} s, {cpu_s / (size / 1e8):.2f} s for 100 MB; unpacking alone {found['unpack_s']:.1f} s"
    )
    print(f"  read    {found['entries']:,} entries of {found['bytes'] / 2**20:,.0f} MiB")
    return 0 if found["peak_mib"] <= GOAL_MIB else 1


def make(path: Path, size_bytes: int) -> int:
    """Write a zip with an export of this size; return how large that became."""
    size = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("apple_health_export/export.xml", "w", force_zip64=True) as member,
    ):
        for piece in made_export(size_bytes):
            size += member.write(piece)
    return size


def read(path: Path) -> dict[str, float]:
    """Take all entries; return what that needed."""
    empty = _peak_mib()
    with path.open("rb") as file:
        archive = open_archive(file, path.name)
        assert archive is not None
        began = time.process_time()
        sizes = [len(entry.data) for entry in archive.entries()]
        cpu_s = time.process_time() - began
    peak = _peak_mib()
    began = time.process_time()
    with zipfile.ZipFile(path) as zipped, zipped.open(zipped.namelist()[0]) as member:
        while member.read(1 << 20):
            pass
    unpack_s = time.process_time() - began
    return {
        "empty_mib": empty,
        "peak_mib": peak,
        "cpu_s": cpu_s,
        "unpack_s": unpack_s,
        "entries": len(sizes),
        "bytes": sum(sizes),
    }


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
