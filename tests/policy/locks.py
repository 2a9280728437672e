"""Lock files fix every dependency by version and hash, and name no place to get it from."""

import json
import re
from collections.abc import Iterator

from policy.tree import Source

ADDRESS = re.compile(r"https?:|git\+|--(extra-)?index-url|--find-links|--trusted-host| @ ", re.IGNORECASE)


def requirements_are_locked(source: Source) -> Iterator[str]:
    """Of a pip lock: every requirement is `name==version` with at least one sha256, no address."""
    joined = source.text.replace("\\\n", "\\ ")
    line = 1
    for entry in joined.split("\n"):
        text = entry.split("#")[0].strip()
        if ADDRESS.search(text):
            yield source.said(line, f"holds an address: {text[:60]!r}; compile without it (locks/compile)")
        elif text and not re.match(r"[A-Za-z0-9._-]+==\S+.*--hash=sha256:[0-9a-f]{64}", text):
            yield source.said(line, f"is not name==version with a hash: {text[:60]!r}; run make lock")
        line += 1 + entry.count("\\ ")


def packages_are_locked(source: Source) -> Iterator[str]:
    """Of a package-lock.json: every package has version and integrity and no `resolved` address."""
    lines = source.text.splitlines()
    for name, package in json.loads(source.text).get("packages", {}).items():
        if not name:
            continue
        line = next((number for number, text in enumerate(lines, 1) if f'"{name}"' in text), 1)
        if "resolved" in package:
            yield source.said(line, f"{name} names where it came from: keep omit-lockfile-registry-resolved in .npmrc")
        if not package.get("integrity", "").startswith("sha512-") or not package.get("version"):
            yield source.said(line, f"{name} has no version with a sha512: run npm install with the lock file")
