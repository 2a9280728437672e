"""What the commands do, step by step. Each step first looks whether it is done, so that repeating a command goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from paceline_gateway.config import load
from paceline_gateway.config_edit import add_wearable

from paceline_tools.factory_image import BOARD_ARCHITECTURE, compile_texts, merged_firmware
from paceline_tools.flashing.chip import Chip
from paceline_tools.flashing.chip_image import ChipImage
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.identity import Provisioned, provision
from paceline_tools.flashing.label import claim_text, label, terminal_lines
from paceline_tools.flashing.layout import APP_OFFSET, BOOTLOADER_OFFSET, FLASH_BYTES, PARTITIONS, partition
from paceline_tools.flashing.partition_table import OFFSET, SECTOR, pack_table
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.self_test import report, self_test
from paceline_tools.flashing.upload import firmware_files, interpreter, upload
from paceline_tools.hardware.description import read_board
from paceline_tools.romfs import romfs_image

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wishes:
    """What `provision` is to do: where keys lie, where randomness comes from, whether a new identity is wanted.

    `gateway` is the settings file of a gateway on this machine that is to know the wearable, `server` the address at
    which it can be claimed.
    """

    keys: Path
    entropy: Callable[[int], bytes]
    renew: bool = False
    gateway: Path | None = None
    server: str | None = None


def factory_romfs() -> bytes:
    """Return the firmware packed for the partition romfs; FlashingError when it does not fit."""
    image = romfs_image(compile_texts(merged_firmware().texts, f"-march={BOARD_ARCHITECTURE}"))
    if len(image) > partition("romfs").size:
        what = f"the firmware takes {len(image)} bytes, the partition romfs has {partition('romfs').size}"
        raise FlashingError(what, "give the partition more room in flashing/layout.py")
    return image


def flash_pieces(image: ChipImage, romfs: bytes) -> dict[int, bytes]:
    """Return what is written at which address. NVS, files and journal are left as they are."""
    table = pack_table(PARTITIONS, FLASH_BYTES).ljust(SECTOR, b"\xff")
    pieces = {BOOTLOADER_OFFSET: image.bootloader, OFFSET: table, APP_OFFSET: image.application}
    return pieces | {partition("romfs").offset: romfs}


def write_chip(chip: Chip, image: ChipImage, romfs: bytes, say: Say) -> None:
    """Check the chip, then bring MicroPython, partition table and firmware onto it."""
    say("1/4 the chip")
    chip.check()
    say(f"2/4 MicroPython {image.version}, partition table, firmware ({len(romfs) // 1024} KB)")
    if not chip.write(flash_pieces(image, romfs)):
        say("    all of it is there already")


def bring_up(prompt: Prompt, wishes: Wishes, say: Say) -> bool:
    """Upload what differs, provision, test; return whether every part that is needed was found."""
    runs = interpreter(prompt)
    say(f"3/4 files, for {runs.version}")
    if not runs.romfs_bytes:
        say("    this MicroPython runs no ROMFS: the firmware goes into files, from which it takes 60 kB more memory")
    count = upload(prompt, firmware_files(runs), lambda path: say(f"    {path}"))
    say(f"    {count} files changed" if count else "    all of them are there already")
    say("4/4 identity and self-test")
    identify(prompt, wishes, say)
    whole = report(self_test(prompt, read_board()), lambda line: say(f"    {line}"))
    prompt.let_run()
    say("The wearable runs." if whole else "The wearable runs without what is missing: look at docs/BUILD.md.")
    return whole


def identify(prompt: Prompt, wishes: Wishes, say: Say) -> None:
    """Provision the board, tell who it is, and make it known to a gateway when one is given; GatewayError from that."""
    who = provision(prompt, wishes.keys, wishes.entropy, lambda text: say(f"    {text}"), wishes.renew)
    tell_identity(who, say)
    tell_code(who, wishes.server, say)
    if wishes.gateway is not None:
        known = wishes.gateway.exists() and who.device_id in load(wishes.gateway).wearables
        if not known:
            add_wearable(wishes.gateway, who.device_id.hex(), who.key_file)
        say(f"    {wishes.gateway} {'knew' if known else 'knows'} it {'already' if known else 'now'}")


def tell_identity(who: Provisioned, say: Say) -> None:
    """Say who the wearable is and how its gateway and server learn of it; the key itself is not said."""
    word = "new" if who.fresh else "kept"
    say(f"    id {who.device_id.hex()} ({word}), key in {who.key_file}")
    for line in claim_lines(who):
        say(f"    {line}")


def tell_code(who: Provisioned, server_url: str | None, say: Say) -> None:
    """Show the claim code, and write it beside the key as a label to print."""
    text, path = claim_text(who.device_id, server_url), who.key_file.with_suffix(".svg")
    try:
        path.write_text(label(who.device_id, text), encoding="utf-8")
    except OSError as error:
        raise FlashingError(f"{path}: {error.strerror}", "give a folder that can be written with --keys") from error
    say(f"    claim code {text}, as a label to print in {path}")
    for line in terminal_lines(text):
        say(f"    {line}")


def claim_lines(who: Provisioned) -> Sequence[str]:
    """Return the commands that make the wearable known."""
    device_id = who.device_id.hex()
    return (
        f"gateway: paceline-gateway add {device_id} {who.key_file}",
        f"server:  paceline-server claim --username YOU --device-id {device_id} --key-file {who.key_file}",
    )
