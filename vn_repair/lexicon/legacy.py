"""Text in fonts and schemes from before Unicode, as it looks once read as Latin-1: TCVN3 (ABC), VNI, VIQR.

Tables are made from the rules of each: TCVN3 gives each letter one code (TCVN 5712:1993, capitals without tone by
a capital font), VNI-Windows puts a mark letter after the base letter, VIQR (RFC 1456) writes marks in ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from vn_repair.lexicon.counts import is_vietnamese_syllable

_TCVN3_PAIRS = (
    "µà¸á¶ả·ã¹ạ¨ă»ằ¾ắ¼ẳ½ẵÆặ©âÇầÊấÈẩÉẫËậ®đÌèÐéÎẻÏẽÑẹªêÒềÕếÓểÔễÖệ×ìÝíØỉÜĩÞịßòãóáỏâõäọ«ôåồèốæổçỗéộ"
    "¬ơêờíớëởìỡîợïùóúñủòũôụ\u00adưõừøứöử÷ữùựúỳýýûỷüỹþỵ¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ"
)
TCVN3 = dict(zip(map(ord, _TCVN3_PAIRS[::2]), _TCVN3_PAIRS[1::2], strict=True))
# Signs that never stand inside a word of any language but do in TCVN3 text.
TCVN3_SIGN = re.compile(
    r"(?<=[a-z])[ÆÇÈÉËÌÎÏÑÒÓÔÕÖØÜÝÞ]|"
    r"[®©«¬­µ¸¶·¹»¾¼½¨ª×÷§¡¢£¤¥¦](?=\w)|(?<=[^\W\d_])[®©«¬­µ¸¶·¹»¾¼½¨ª×÷]"
)

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
# Sequences that neither Vietnamese nor a Western language writes, where VNI would show.
VNI_SIGN = re.compile(
    r"[aeouyôö][ùøûõï]|[aeo][âåä]|[ae][áàã]|a[êéèúüë]|ñ[aoueiöô]", re.IGNORECASE
)
# Letters and pairs of which every VNI text of a few words has one: a cheap first look.
VNI_HINTS = ("ø", "û", "ï", "ö", "ñ", "å", "ä", "oâ", "aâ", "eâ", "ôù", "Ø", "Û", "Ï", "Ö", "Ñ", "OÂ", "AÂ", "EÂ", "ÔÙ")
VIQR_HINTS = ("^", "+")
TCVN3_HINTS = tuple("ÇÕÖÞÜÆØ®©«¬\u00adµ¸¶·¹»¾¼½¨ª×")
VIQR_SIGN = re.compile(r"[aeo]\^|[ou]\+|[aA]\(|\bdd(?=[aeiouy])", re.IGNORECASE)
_VIQR_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR = re.compile(r"([aeiouy])([(^+]?)(['`?~.]?)", re.IGNORECASE)
_VIQR_MARKS = {"(": "\u0306", "^": "\u0302", "+": "\u031b", "": ""}


def from_tcvn3(text: str) -> str:
    """`text` read as TCVN3 (ABC) font text, NFC."""
    return unicodedata.normalize("NFC", text.translate(TCVN3))


@cache
def _vni() -> dict[str, str]:
    """VNI letter groups, longest first, to Unicode; capitals have a capital mark letter (`AÂ`)."""
    table = {base + sign: base + tone for base in "aeouy" for sign, tone in _TONES.items()}
    table |= {base + sign: base + "\u0302" + tone for base in "aeo" for sign, tone in _HAT.items()}
    table |= {"a" + sign: "a\u0306" + tone for sign, tone in _BREVE.items()}
    table |= {horned + sign: plain + "\u031b" + tone for horned, plain in (("ô", "o"), ("ö", "u"))
              for sign, tone in {"": "", **_TONES}.items()}
    table |= {"ñ": "đ", "æ": "i\u0309", "ó": "i\u0303", "ò": "i\u0323", "î": "y\u0323"}
    table |= {group.upper(): letter.upper() for group, letter in table.items()}
    return {group: unicodedata.normalize("NFC", letter) for group, letter in table.items()}


@cache
def _vni_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_vni(), key=len, reverse=True)))


def from_vni(text: str) -> str:
    """`text` read as VNI-Windows font text, NFC."""
    return unicodedata.normalize("NFC", _vni_pattern().sub(lambda m: _vni()[m.group()], text))


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
    words = re.findall(r"[^\W\d_]+", text)
    return sum(map(is_vietnamese_syllable, words)) / len(words) if words else 0.0
