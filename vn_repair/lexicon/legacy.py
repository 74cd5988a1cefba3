"""Vietnamese text in the fonts and schemes used before Unicode: TCVN3 (ABC), VNI, VIQR.

The first two put Vietnamese letters on the codes of Western ones, so text in them opens as "ViÖt Nam" or "Vieät Nam".
The functions take such text, as windows-1252 shows it, and give real Vietnamese; the readers use them for whole files
and the detectors for stretches of a text. The tables follow TCVN 5712:1993 (VN3), the VNI-Windows font layout and
RFC 1456 (VIQR writes marks in ASCII).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from vn_repair.lexicon.counts import is_vietnamese_syllable

# First code of a run, and the letters on it and the codes after it. Toned capitals have no code of their own: a
# second font draws the small letters as capitals.
TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò", 0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {first + i: letter for first, letters in TCVN3_RUNS.items() for i, letter in enumerate(letters)}
# Signs that never stand inside a word of any language but do in TCVN3 text.
TCVN3_SIGN = re.compile(
    r"(?<=[a-z])[ÆÇÈÉËÌÎÏÑÒÓÔÕÖØÜÝÞ]|"
    r"[®©«¬­µ¸¶·¹»¾¼½¨ª×÷§¡¢£¤¥¦](?=\w)|(?<=[^\W\d_])[®©«¬­µ¸¶·¹»¾¼½¨ª×÷]"
)

# VNI writes a vowel and then a code for its marks.
GRAVE, ACUTE, HOOK, TILDE, DOT, CIRCUMFLEX, BREVE = "\u0300\u0301\u0309\u0303\u0323\u0302\u0306"
VNI_MARKS = {
    "ø": GRAVE, "ù": ACUTE, "û": HOOK, "õ": TILDE, "ï": DOT,
    "â": CIRCUMFLEX, "à": CIRCUMFLEX + GRAVE, "á": CIRCUMFLEX + ACUTE, "å": CIRCUMFLEX + HOOK,
    "ã": CIRCUMFLEX + TILDE, "ä": CIRCUMFLEX + DOT,
    "ê": BREVE, "è": BREVE + GRAVE, "é": BREVE + ACUTE, "ú": BREVE + HOOK, "ü": BREVE + TILDE, "ë": BREVE + DOT,
}
VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
VNI = re.compile(r"([aeouyôöAEOUYÔÖ])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|([ñôöæóòîÑÔÖÆÓÒÎ])")
# Sequences that neither Vietnamese nor a Western language writes, where VNI would show.
VNI_SIGN = re.compile(
    r"[aeouyôö][ùøûõï]|[aeo][âåä]|[ae][áàã]|a[êéèúüë]|ñ[aoueiöô]", re.IGNORECASE
)
# Letters and pairs of which every VNI text of a few words has one: a cheap first look.
VNI_HINTS = ("ø", "û", "ï", "ö", "ñ", "å", "ä", "oâ", "aâ", "eâ", "ôù", "Ø", "Û", "Ï", "Ö", "Ñ", "OÂ", "AÂ", "EÂ", "ÔÙ")
VIQR_HINTS = ("^", "+")
TCVN3_HINTS = tuple("ÇÕÖÞÜÆØ®©«¬\u00adµ¸¶·¹»¾¼½¨ª×")
VIQR_SIGN = re.compile(r"[aeo]\^|[ou]\+|[aA]\(|\bdd(?=[aeiouy])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_VIQR_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR = re.compile(r"([aeiouy])([(^+]?)(['`?~.]?)", re.IGNORECASE)
_VIQR_MARKS = {"(": "\u0306", "^": "\u0302", "+": "\u031b", "": ""}


def from_tcvn3(text: str) -> str:
    """`text` read as TCVN3 (ABC) font text, NFC; words in the capitals font become capitals where that shows."""
    return _WORD.sub(_restore_case, unicodedata.normalize("NFC", text.translate(TCVN3)))


def _restore_case(match: re.Match[str]) -> str:
    """A word with two plain capitals and no plain small letter was in the capitals font: "CéNG" is "CỘNG"."""
    word = match.group()
    plain = [letter for letter in word if letter.isascii()]
    return word.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else word


def from_vni(text: str) -> str:
    """`text` read as VNI-Windows font text, NFC."""
    return unicodedata.normalize("NFC", VNI.sub(lambda m: _vni_letter(m.group()), text))


@cache
def _vni_letter(group: str) -> str:
    """The letter that a VNI vowel and its mark, or a VNI letter alone, stand for."""
    base, mark = group[0].lower(), group[1:].lower()
    made = unicodedata.normalize("NFC", VNI_LETTERS.get(base, base) + VNI_MARKS.get(mark, ""))
    if len(made) > 1:  # a mark that this vowel cannot carry
        made = VNI_LETTERS.get(base, base) + VNI_LETTERS.get(mark, mark)
    return made if group[0].islower() else made.upper()


def from_viqr(text: str) -> str:
    """`text` read as VIQR, NFC; a mark that a letter cannot carry is left as it is."""

    def letter(match: re.Match[str]) -> str:
        base, mark, tone = match.groups()
        made = unicodedata.normalize("NFC", base + _VIQR_MARKS[mark])
        if mark and len(made) > 1:
            return match.group()
        return unicodedata.normalize("NFC", made + _VIQR_TONES.get(tone, ""))

    return _VIQR.sub(letter, text.replace("dd", "đ").replace("DD", "Đ").replace("Dd", "Đ"))


def syllable_share(text: str) -> float:
    """Share of the words of `text` that are Vietnamese syllables; 0 without words."""
    words = _WORD.findall(text)
    return sum(map(is_vietnamese_syllable, words)) / len(words) if words else 0.0
