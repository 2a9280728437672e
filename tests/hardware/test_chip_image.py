"""A MicroPython image is taken apart and checked; everything that is none is refused before anything is written."""

import hashlib

import pytest
from hardware.chip_images import description, image, micropython_file
from paceline_tools.flashing.chip_image import read_image
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.layout import partition


@pytest.mark.parametrize("hashed", [True, False])
def test_a_good_image_is_taken_apart(hashed: bool) -> None:
    whole = micropython_file(hashed=hashed)
    taken = read_image(whole + b"\xff" * 512, None)
    assert taken.version == "v1.29.0"
    assert whole.startswith(taken.bootloader) and whole[0x10000:] == taken.application
    assert read_image(whole, hashlib.sha256(whole).hexdigest().upper() + "\n") == taken


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "only 0 bytes"),
        (micropython_file()[:0x9000], "bytes"),
        (micropython_file(chip=0), "is for ESP32, not"),
        (micropython_file(chip=5), "is for ESP32-C3, not"),
        (micropython_file(chip=77), "is for chip 77, not"),
        (micropython_file(project=b"blink"), "'blink', not MicroPython"),
        (micropython_file()[:-40], "cut or damaged"),
        (micropython_file()[:-1], "SHA-256 does not fit"),
        (b"UF2\n" * 40_000, "no boot loader"),
        (micropython_file()[:0x10000] + image([b"no description here" * 9]), "does not describe itself"),
        (micropython_file()[:0x10000] + image([description(), b"x" * partition("factory").size]), "its partition has"),
    ],
)
def test_another_file_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FlashingError, match=said) as refused:
        read_image(data, None)
    assert refused.value.then


def test_another_hash_is_refused() -> None:
    with pytest.raises(FlashingError, match="not the one given"):
        read_image(micropython_file(), "00" * 32)


def test_every_flipped_byte_of_the_application_is_seen() -> None:
    whole = micropython_file(size=256)
    for at in range(0x10000, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        with pytest.raises(FlashingError):
            read_image(bytes(damaged), None)
