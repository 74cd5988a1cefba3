"""Repairs in the formats of translators and of quality estimation; `vn-repair import` reads three of them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from vn_repair.types import InputError, Repair

if TYPE_CHECKING:
    from vn_repair.formats.post_edits import PostEdit


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what it is, the names of its files (`LANG`, `OTHER`: the languages) and its module."""

    name: str
    title: str
    files: tuple[str, ...]
    module: str

    def write(self, repairs: Iterable[Repair], directory: Path) -> list[Path]:
        """Write the repairs one by one and return the files; see `vn_repair.formats.write`."""
        writer: Callable[[Iterable[Repair], Path], list[Path]] = import_module(self.module).write
        return writer(repairs, directory)


FORMATS: dict[str, Format] = {
    f.name: f for f in (
        Format("tmx", "TMX 1.4b: sentence pairs, Vietnamese and English", ("repairs.tmx",), "vn_repair.formats.tmx"),
        Format("xliff2", "XLIFF 2.0: repairs and translations to post-edit",
               ("repairs.2.0.LANG.xlf", "repairs.2.0.LANG-OTHER.xlf"), "vn_repair.formats.xliff2"),
        Format("xliff12", "XLIFF 1.2: repairs and translations to post-edit", ("repairs.1.2.xlf",),
               "vn_repair.formats.xliff12"),
        Format("mqm", "MQM annotations, TSV of the WMT Metrics task", ("repairs.mqm.tsv",), "vn_repair.formats.mqm"),
        Format("wmt-tags", "WMT word-level quality estimation: tokens, OK/BAD tags with gaps, HTER",
               ("repairs.mt", "repairs.pe", "repairs.tags", "repairs.hter", "repairs.ids"),
               "vn_repair.formats.wmt_tags"),
        Format("m2", "M2 edits over tokens, as ERRANT writes them", ("repairs.m2",), "vn_repair.formats.m2"),
    )
}


def write(name: str, repairs: Iterable[Repair], directory: Path) -> list[Path]:
    """Write repairs to `directory` (made if need be) in the format `name`, a key of `FORMATS`; the files written.

    One repair is held at a time. The files appear together under their names when all is written, over older ones;
    after an exception, one that `repairs` raises included, none does. Raises `InputError` for an unknown format, for
    what cannot be written, and where there is nothing to write.
    """
    if name not in FORMATS:
        raise InputError(f"{name}: no such format; use one of {', '.join(FORMATS)}")
    return FORMATS[name].write(repairs, directory)


def read_post_edits(path: Path) -> Iterator[PostEdit | InputError]:
    """What a post-edited XLIFF (2.0, 1.2) or MQM TSV file says, with an `InputError` for each unit that is no use.

    The format is known by the content. Raises `InputError` for a file that cannot be read or is none of these.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise InputError(f"{path}: cannot read ({error.strerror}); give a file that exists") from error
    plain = head.replace(b"\0", b"")  # UTF-16
    if b"urn:oasis:names:tc:xliff:document:2." in plain:
        module = "xliff2"
    elif b"urn:oasis:names:tc:xliff:document:1." in plain:
        module = "xliff12"
    elif b"system\t" in plain and b"\tseg_id" in plain:
        module = "mqm"
    else:
        raise InputError(f"{path}: is neither XLIFF 2.0 or 1.2 nor an MQM TSV; give a file that vn-repair wrote and "
                         "that was edited since")
    reader: Callable[[Path], Iterator[PostEdit | InputError]] = import_module(f"vn_repair.formats.{module}").read
    yield from reader(path)


__all__ = ["FORMATS", "Format", "read_post_edits", "write"]
