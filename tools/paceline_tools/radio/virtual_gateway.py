"""Runs the gateway, unchanged, in a process whose Bluetooth adapter lies on the virtual radio.

python -m paceline_tools.radio.virtual_gateway --hci unix:PATH [--address C0:…] -- <paceline-gateway arguments>
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from bumble.device import Device

from paceline_tools.radio.bleak_backend import VirtualAdapter, install_adapter
from paceline_tools.radio.device import attach_device

GATEWAY_MAIN = "paceline_gateway.cli:main"


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split our own arguments from those behind `--`, which are the gateway's."""
    everything = list(arguments)
    at = everything.index("--") if "--" in everything else len(everything)
    parser = argparse.ArgumentParser(prog="virtual_gateway", description="the gateway on the virtual radio")
    parser.add_argument("--hci", required=True, help="the hub's address: unix:PATH or tcp-client:HOST:PORT")
    parser.add_argument("--address", default="C0:00:00:00:00:01", help="this adapter's random static address")
    parser.add_argument("--main", default=GATEWAY_MAIN, help="what runs, as MODULE:FUNCTION taking the arguments")
    return parser.parse_args(everything[:at]), everything[at + 1 :]


def main(arguments: Sequence[str] | None = None) -> int:
    """Install the adapter, then run the gateway's own main to its end; gives its exit status."""
    options, gateway_arguments = parse(sys.argv[1:] if arguments is None else arguments)

    async def open_device() -> Device:
        device, _transport = await attach_device(options.hci, "gateway", options.address)
        return device

    install_adapter(VirtualAdapter(open_device))
    module, _, function = options.main.partition(":")
    return getattr(importlib.import_module(module), function)(gateway_arguments) or 0


if __name__ == "__main__":
    raise SystemExit(main())
