"""Text for people: what is spooled and uploaded, and what a spooled journal holds."""

from collections.abc import Iterator
from pathlib import Path

from paceline_gateway.config import Config
from paceline_gateway.progress import amount
from paceline_gateway.progress_mark import read_mark
from paceline_gateway.spool import spooled_journals


def status_lines(config: Config) -> Iterator[str]:
    """Yield a line per spooled journal; needs no lock, so a gateway may be running."""
    for device_id, epoch, start, path in spooled_journals(config.spool):
        try:
            end = start + path.stat().st_size
        except FileNotFoundError:
            continue  # given up meanwhile, as the server has it
        uploaded = max(start, min(read_mark(path.with_suffix(".mark")).uploaded, end))
        share = 100 if end == start else 100 * (uploaded - start) // (end - start)
        wearable = config.wearables.get(device_id)
        name = wearable.name if wearable else "(not in the settings)"
        gap = f", from {start}" if start else ""
        yield (
            f"{device_id.hex()}  {name}  epoch {epoch:08x}{gap}: pulled up to {end} ({amount(end - start)}), "
            f"server has {uploaded} ({share} %)"
        )


def spool_key(config: Config, path: Path) -> bytes | None:
    """Return the key of the wearable in whose folder the journal lies, None when it is not known."""
    try:
        return config.key_of(bytes.fromhex(path.resolve().parent.name))
    except ValueError:
        return None
