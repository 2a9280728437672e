"""What the programs must know before they start: an account, a claimed wearable, the gateway's settings."""

import json
import shutil
import sys
from pathlib import Path

from paceline_tools.line.children import run_once
from paceline_tools.line.places import USER, Places, keep_secret

SERVER = (str(Path(sys.executable).with_name("paceline-server")),)
WEARABLE_NAME = "Virtual wearable"


async def introduce(places: Places) -> None:
    """Make the account and claim the wearable for it, once; LineError with what the server said when it refuses.

    All of it happens in a folder that gets its name at the end: a set-up that was cut short is begun anew.
    """
    if places.server.exists():
        return
    shutil.rmtree(places.unfinished_server, ignore_errors=True)
    places.token.unlink(missing_ok=True)
    account = ["--data", str(places.unfinished_server), "--username", USER]
    output = await run_once(
        "Setting up the account", [*SERVER, "setup", *account, "--password-file", str(places.password)]
    )
    keep_secret(places.token, lambda: output.split()[-1])  # the token ends the output
    wearable = ["--device-id", places.device_id.read_text().strip(), "--key-file", str(places.device_key)]
    await run_once("Claiming the wearable", [*SERVER, "claim", *account, *wearable])
    places.unfinished_server.rename(places.server)


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
