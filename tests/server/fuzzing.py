"""schemathesis over the served document, as one user: a process that asks a running server what nobody would."""

import asyncio
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
TOO_LONG_S = 3600.0


async def fuzzed(folder: Path, url: str, token: str | None, document: Path, options: Sequence[str]) -> tuple[int, str]:
    """Return exit code and report of a run in an empty folder; the same each time, for the same options."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", url, *options]
    command += ["--generation-deterministic", "--checks", ",".join(CHECKS), "--no-color", "--warnings", "off"]
    command += ["--suppress-health-check", "all", "--continue-on-failure", "--request-timeout", "20"]
    command += ["--header", f"Authorization: Bearer {token}"] if token is not None else []
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(TOO_LONG_S):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def of_things(document: Mapping[str, Any], names: Mapping[str, str], without: Collection[str]) -> str:
    """Return the document without some operations, and with the parts of paths that there are, as JSON."""
    paths: dict[str, dict[str, Any]] = {}
    for path, item in document["paths"].items():
        kept = {method: one for method, one in item.items() if one["operationId"] not in without}
        if kept:
            paths[path] = {
                method: one | {"parameters": _known(one, names)} | _sendable(one) for method, one in kept.items()
            }
    return json.dumps(dict(document) | {"paths": paths})


def _sendable(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an operation as bytes of any kind where schemathesis cannot write what it is."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/zip" not in content:
        return {}
    return {
        "requestBody": operation["requestBody"] | {"content": {"application/octet-stream": content["application/zip"]}}
    }


def _known(operation: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        parameter | {"schema": {"type": "string", "enum": [names[parameter["name"]]]}}
        if parameter["in"] == "path" and parameter["name"] in names
        else parameter
        for parameter in operation.get("parameters", ())
    ]
