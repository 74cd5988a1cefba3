"""The closed set of Vietnamese syllables: onset × rhyme × tone by the spelling rules.

Both tone placements are in it (hòa and hoà, thủy and thuỷ), and i/y variants (kỹ, kĩ). Rhymes that
end in a stop take the sắc and nặng tones only, which is why `that`, `it` or `up` are not syllables.
"""

from __future__ import annotations

import unicodedata
from functools import cache

FRONT = "eêiy"  # vowel letters before which k, gh and ngh are written
MARKED = "ăâêôơư"
VOWELS = "aeiouy" + MARKED
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")  # level, huyền, sắc, ngã, hỏi, nặng
STOP_TONES = ("\u0301", "\u0323")

ONSETS = ("", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
          "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x")
_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu "
    "o oc oi om on ong op ot oong ooc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
)
RHYMES = tuple(_RHYMES.split())
_MEDIAL_RHYMES = (
    "oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet "
    "uân uâng uât uây uê uêch uênh uơ uy uya uych uyên uyêt uynh uyn uyp uyt uyu"
)
MEDIAL_RHYMES = tuple(_MEDIAL_RHYMES.split())
# After qu the glide is part of the onset, so these rhymes carry none.
_AFTER_QU = (
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eo et ê ên êt êch ênh "
    "i it ôc ơ y ych yên yêt ynh yt yêt ep ua"
)
AFTER_QU = tuple(_AFTER_QU.split())
NO_MEDIAL = frozenset({"b", "c", "g", "gh", "k", "m", "ngh", "p", "ph", "r", "v", "gi", "qu"})
Y_AFTER = frozenset({"", "h", "k", "l", "m", "s", "t", "qu", "v"})
# Spellings outside the rules that dictionaries and newspapers use all the same.
EXTRA = ("buýt", "phuy", "voan", "góa", "goá", "roa", "ngoéo", "xoong", "gin", "gìn", "ruy", "quới", "khuỷu",
         "ngoẵng", "gềnh")


def _tone_places(rhyme: str) -> list[int]:
    """Indices in `rhyme` of the letters that may carry the tone mark (two where old and new style differ)."""
    marked = [i for i, letter in enumerate(rhyme) if letter in MARKED]
    if marked:
        return marked[-1:]
    vowels = [i for i, letter in enumerate(rhyme) if letter in VOWELS]
    if len(vowels) == 1 or vowels[-1] < len(rhyme) - 1:
        return vowels[-1:]
    if len(vowels) == 3:
        return vowels[1:2]
    return [0, 1] if rhyme in {"oa", "oe", "uy"} else [0]


def _fits(onset: str, rhyme: str) -> bool:
    """Whether the spelling rules let `onset` stand before `rhyme`."""
    front = rhyme[0] in FRONT
    if onset in {"k", "gh", "ngh"}:
        return front
    if onset in {"c", "g", "ng"} and front:
        return onset == "g" and rhyme[0] == "i" and rhyme in {"i", "iêc", "iêng", "iêt", "iêu", "in"}
    if rhyme == "y":
        return onset in Y_AFTER
    if rhyme[0] == "y":
        return onset in {"", "qu"}
    if onset == "gi":
        return not rhyme.startswith("i")
    return not (onset == "" and rhyme in {"iêc", "iêp", "iêng", "iêt", "iêm"})


@cache
def syllables() -> frozenset[str]:
    """Every syllable the rules allow, lower case, NFC."""
    shapes = [(o, r) for o in ONSETS if o != "qu" for r in RHYMES if _fits(o, r)]
    shapes += [(o, r) for o in ONSETS if o not in NO_MEDIAL for r in MEDIAL_RHYMES]
    shapes += [("qu", r) for r in AFTER_QU]
    out = set(EXTRA)
    for onset, rhyme in shapes:
        tones = STOP_TONES if rhyme.endswith(("c", "ch", "p", "t")) else TONES
        for place in _tone_places(rhyme):
            for tone in tones:
                toned = rhyme[: place + 1] + tone + rhyme[place + 1 :]
                out.add(unicodedata.normalize("NFC", onset + toned))
    return frozenset(out)
