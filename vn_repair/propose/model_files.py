"""Where the embedded model's files are, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from vn_repair.types import InputError

CHECKED = ("ctranslate2/", "tagger/")  # the folders whose checksums are verified at every load


def default_model() -> Path:
    """The shipped model: inside an installed package, or `models/default` of a checkout."""
    installed = Path(str(files("vn_repair"))) / "models" / "default"
    return installed if installed.exists() else Path(__file__).resolve().parents[2] / "models" / "default"


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def write_manifest(folder: Path, identity: str) -> None:
    """Record size and SHA-256 of every file below `folder` in its `manifest.json`, atomically."""
    entries: dict[str, dict[str, Any]] = {
        str(p.relative_to(folder)): {"bytes": p.stat().st_size, "sha256": sha256(p)}
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.parent != folder
    }
    whole = hashlib.sha256("".join(e["sha256"] for n, e in entries.items() if n.startswith(CHECKED)).encode())
    part = folder / "manifest.json.part"
    record = {"id": identity, "checksum": whole.hexdigest()[:16], "files": entries}
    part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(part, folder / "manifest.json")


def check_model(folder: Path) -> dict[str, Any]:
    """The manifest of a model folder whose files are all there and unharmed.

    Raises `InputError` naming the file and the remedy when one is missing or differs.
    """
    remedy = "reinstall vn-repair, or give a model folder with --model (see models/README.md)"
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        entries = dict(manifest["files"])
    except FileNotFoundError:
        raise InputError(f"{path}: no such file, so there is no model here; {remedy}") from None
    except (ValueError, KeyError, TypeError, OSError):
        raise InputError(f"{path}: not a readable model manifest; {remedy}") from None
    there = {p.relative_to(folder).as_posix() for top in CHECKED for p in (folder / top).rglob("[!.]*") if p.is_file()}
    if unlisted := sorted(there - entries.keys()):
        raise InputError(f"{folder / unlisted[0]}: model file is not listed in manifest.json; {remedy}")
    for name, entry in entries.items():
        file = folder / name
        if not name.startswith(CHECKED):
            continue
        if not file.is_file():
            raise InputError(f"{file}: model file is missing; {remedy}")
        if file.stat().st_size != entry["bytes"] or sha256(file) != entry["sha256"]:
            raise InputError(f"{file}: model file is damaged (its checksum differs from manifest.json); {remedy}")
    return manifest
