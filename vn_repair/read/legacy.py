"""Vietnamese text in the font encodings used before Unicode: TCVN3 (ABC) and VNI.

Both put Vietnamese letters on the codes of Western ones, so a file in them opens as "ViÖt Nam" or "Vieät Nam". The
functions take such text, as windows-1252 shows it, and give real Vietnamese. The tables follow TCVN 5712:1993 (VN3)
and the VNI-Windows font layout.
"""

from __future__ import annotations

import re
import unicodedata

# First code of a run, and the letters on it and the codes after it. Toned capitals have no code of their own: a
# second font draws the small letters as capitals.
TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò", 0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {first + i: letter for first, letters in TCVN3_RUNS.items() for i, letter in enumerate(letters)}

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
WORD = re.compile(r"[^\W\d_]+")


def tcvn3_to_unicode(text: str) -> str:
    """Vietnamese for text in TCVN3 codes; words in the capitals font come out in capitals where that shows."""
    return WORD.sub(_restore_case, text.translate(TCVN3))


def vni_to_unicode(text: str) -> str:
    """Vietnamese for text in VNI-Windows codes."""
    return VNI.sub(_vni_letter, text)


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, alone = match.groups()
    if alone:
        small = VNI_LETTERS[alone.lower()]
        return small if alone.islower() else small.upper()
    letter = VNI_LETTERS.get(base.lower(), base.lower())
    composed = unicodedata.normalize("NFC", letter + VNI_MARKS[mark.lower()])
    return composed if base.islower() else composed.upper()


def _restore_case(match: re.Match[str]) -> str:
    """A word with two plain capitals and no plain small letter was in the capitals font: "CéNG" is "CỘNG"."""
    word = match.group()
    plain = [letter for letter in word if letter.isascii()]
    return word.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else word
