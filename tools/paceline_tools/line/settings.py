"""What the programs must know before they start: an account, a claimed wearable, the gateway's settings."""

import json
import sys
from pathlib import Path

from paceline_tools.line.children import run_once
from paceline_tools.line.places import USER, Places, keep_secret

SERVER = (str(Path(sys.executable).with_name("paceline-server")),)
WEARABLE_NAME = "Virtual wearable"


async def introduce(places: Places) -> None:
    """Make the account and claim the wearable for it, once; LineError with what the server said when it refuses."""
    if places.claimed.exists():
        return
    data = str(places.server)
    if not places.token.exists():
        output = await run_once(
            "Setting up the account",
            [*SERVER, "setup", "--data", data, "--username", USER, "--password-file", str(places.password)],
        )
        token = output.split()[-1]  # the token ends the output
        keep_secret(places.token, lambda: token)
    device_id, key_file = places.device_id.read_text().strip(), str(places.device_key)
    await run_once(
        "Claiming the wearable",
        [*SERVER, "claim", "--data", data, "--username", USER, "--device-id", device_id, "--key-file", key_file],
    )
    places.claimed.touch()


def write_gateway_settings(places: Places, url: str) -> None:
    """Write the gateway's settings file; the secrets stay in files of their own."""

    def text(path: Path | str) -> str:
        return json.dumps(str(path))  # a JSON string of a path is a TOML string too

    lines = [
        f"spool = {text(places.gateway.resolve())}",
        "",
        "[server]",
        f"url = {text(url)}",
        f"token_file = {text(places.token.resolve())}",
        "",
        f"[wearables.{places.device_id.read_text().strip()}]",
        f"key_file = {text(places.device_key.resolve())}",
        f"name = {text(WEARABLE_NAME)}",
        "",
    ]
    fresh = places.gateway_config.with_suffix(".new")
    fresh.write_text("\n".join(lines))
    fresh.replace(places.gateway_config)
