"""Bytes to text: Unicode by marks and validity, then the Vietnamese encodings by which of them gives Vietnamese words.

`decode` names what it found; the names are Python codecs except `"tcvn3"` and `"vni"`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from vn_repair.lexicon.legacy import from_tcvn3, from_vni

# First bytes of files that are no text, with what they are called.
MAGIC = (
    (b"%PDF", "a PDF file"), (b"PK\x03\x04", "a zip archive or an Office document"), (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"\x1f\x8b", "gzip data"),
    (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"), (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"), (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"), (b"BZh9", "bzip2 data"), (b"\xfd7zXZ", "xz data"), (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"RIFF", "a sound or picture file"), (b"{\\rtf", "an RTF document"), (b"\x00\x00\x00\x1cftyp", "a video"),
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
WORD = re.compile(r"[^\W\d_]+")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# How many of a candidate's words with marks must be Vietnamese syllables, of those looked at.
PLAUSIBLE = 0.7
SAMPLE = 100_000


class DecodeError(ValueError):
    """Bytes that are no text we can read; `wrong` says what they are and `remedy` what to do."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(f"{wrong}; {remedy}")
        self.wrong, self.remedy = wrong, remedy


def binary_kind(data: bytes) -> str | None:
    """What a file that begins with `data` is, if its first bytes say that it is no text."""
    return next((name for magic, name in MAGIC if data.startswith(magic)), None)


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding; nothing is lost (line ends stay as they are).

    UTF-8, UTF-16 and UTF-32 with their marks (the mark is left out of the text; the name says it was there), UTF-16
    without one, then windows-1258, TCVN3 and VNI if they give Vietnamese words, then windows-1252 for Western text.
    Legacy text comes out in NFC. Raises `DecodeError`.
    """
    for bom, name in BOMS:
        if data.startswith(bom):
            return _strict(data, name), name
    kind = binary_kind(data)
    if kind:
        raise DecodeError(f"this is {kind}, not text", "give its text as .txt, .html, .md, .jsonl or .parquet")
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, error)
    if len(CONTROL.findall(text[:SAMPLE])) * 20 > len(text[:SAMPLE]):
        raise _binary()
    return text, "utf-8"


def _binary() -> DecodeError:
    return DecodeError("this is a binary file, not text", "give its text as UTF-8")


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise DecodeError(f"its byte-order mark says {name.removesuffix('-sig').upper()}, but it is damaged at byte "
                          f"{error.start + 1}", "save it again as UTF-8") from None


def _utf16_without_mark(data: bytes) -> tuple[str, str]:
    """UTF-16 if the NUL bytes lie as they do in its Latin letters and spaces."""
    head = data[: SAMPLE // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if len(data) % 2 == 0 and min(even, odd) * 20 <= max(even, odd) and max(even, odd) * 8 >= len(head) // 2:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            raise _binary() from None
        if not CONTROL.search(text):
            return text, name
    raise _binary()


def _legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """The single-byte encoding that gives the most Vietnamese words; `error` says why `data` is no UTF-8."""
    if len(CONTROL.findall(data[:SAMPLE].decode("latin-1"))) * 20 > len(data[:SAMPLE]):
        raise _binary()
    line = data.count(b"\n", 0, error.start) + 1
    if _nearly_utf8(data):
        raise DecodeError(f"line {line} holds a byte that is not UTF-8 (0x{data[error.start]:02X}) in a UTF-8 text",
                          "repair that line or save the file again as UTF-8")
    best: tuple[float, str, str] = (0.0, "", "")
    for name in ("cp1258", "tcvn3", "vni"):
        text = _decode_legacy(data, name)
        if text is not None:
            words = [w for w in WORD.findall(text[:SAMPLE]) if not w.isascii()]
            good = sum(w.lower() in _syllables() for w in words)
            if words and good >= PLAUSIBLE * len(words) and good > best[0]:
                best = (good, name, text)
    if best[1]:
        return best[2], best[1]
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    # Curly quotes and a French name or two; more letters than that would be a guess.
    if western and sum(c.isalpha() and not c.isascii() for c in western) * 50 <= len(western):
        return western, "cp1252"
    raise DecodeError(f"unknown encoding (not UTF-8, UTF-16, windows-1258, TCVN3 or VNI; line {line}, "
                      f"byte 0x{data[error.start]:02X})", "save it as UTF-8")


def _nearly_utf8(data: bytes) -> bool:
    """Whether most bytes above ASCII do form UTF-8 letters."""
    high = sum(byte > 0x7F for byte in data[:SAMPLE])
    lost = data[:SAMPLE].decode("utf-8", "replace").count("\ufffd")
    return high >= 8 and lost * 4 <= high


def _decode_legacy(data: bytes, name: str) -> str | None:
    """The text of `data` in one legacy encoding, or None if it has bytes that encoding does not use."""
    try:
        if name == "cp1258":
            return unicodedata.normalize("NFC", data.decode("cp1258"))
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return from_tcvn3(text) if name == "tcvn3" else from_vni(text)


@cache
def _syllables() -> frozenset[str]:
    from vn_repair.lexicon.syllables import syllables

    return syllables()
