"""Names: an article's id from its file, and a file name from any id."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json", ".parquet")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.\-]+")
MAX_BYTES = 120


def stem(source: str) -> str:
    """The name of a file without its folder and known endings (`-` gives `stdin`)."""
    if source == "-":
        return "stdin"
    name = os.path.basename(os.fspath(source)).encode("utf-8", "backslashreplace").decode("utf-8")
    if name.lower().endswith(".gz"):
        name = name[:-3]
    lower = name.lower()
    for suffix in SUFFIXES:
        if lower.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def safe_name(identifier: str) -> str:
    """A file name (without ending) for any article id: no folder, no hidden file, at most 120 bytes.

    An id that is already such a name is returned as it is; any other gets a checksum, so that two ids never share
    a name by being cleaned. Ids that differ only in case do share a file on some systems: see `UniqueNames`.
    """
    name = UNSAFE.sub("_", unicodedata.normalize("NFC", identifier.encode("utf-8", "replace").decode("utf-8")))
    name = name.strip(".").encode("utf-8")[:MAX_BYTES].decode("utf-8", "ignore")
    if name == identifier and name and not name.startswith("-") and not RESERVED.match(name):
        return name
    checksum = hashlib.sha256(identifier.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    kept = name.encode("utf-8")[: MAX_BYTES - 9].decode("utf-8", "ignore").strip("-._")
    return f"article_{checksum}" if not kept or RESERVED.match(kept) else f"{kept}_{checksum}"


class UniqueNames:
    """Gives every article of a batch a file name of its own, by `safe_name` and then `~2`, `~3` …"""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def name(self, identifier: str) -> str:
        """A name not given before in this batch, on systems that ignore case too."""
        base = safe_name(identifier)
        count = self._given[base.casefold()] = self._given.get(base.casefold(), 0) + 1
        return base if count == 1 else f"{base}~{count}"
