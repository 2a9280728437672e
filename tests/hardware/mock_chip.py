"""A chip's boot loader at a pseudo-terminal: PyPI's esp32-mock-bootloader, with the flash size that is asked for."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The mock's flash is 4 MB; size and JEDEC id are constants of it (the id's third byte is the power of two).
_RUN = """
import sys
from esp32_mock_bootloader import protocol
protocol.FLASH_MOCK_SIZE = 1 << int(sys.argv[1])
protocol.MOCK_FLASH_ID = protocol.MOCK_FLASH_ID & ~0xFF0000 | int(sys.argv[1]) << 16
from esp32_mock_bootloader.cli import main
sys.exit(main(["run", "--pty", "--port-file", sys.argv[3], "--chip", sys.argv[2], "--timeout", "120"]))
"""


@contextmanager
def mock_chip(folder: Path, chip: str = "esp32s3", size_bits: int = 23) -> Iterator[str]:
    """A chip with 2**size_bits bytes of flash; gives its port."""
    port_file = folder / f"{chip}-{size_bits}.port"
    command = [sys.executable, "-c", _RUN, str(size_bits), chip, str(port_file)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not (port_file.exists() and port_file.read_text().strip()):
            assert process.poll() is None and time.monotonic() < deadline, "the mock boot loader did not start"
            time.sleep(0.02)
        yield port_file.read_text().strip()
    finally:
        process.kill()
        process.wait(10)
