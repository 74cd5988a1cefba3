"""Closed word lists of English that tell a leaked run from a borrowed word."""

from __future__ import annotations

_FUNCTION = (
    "a an the this that these those some any each every both either neither no such same other another "
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs "
    "myself itself themselves himself herself ourselves who whom whose which what where when why how "
    "is are was were be been being am has have had having do does did done doing will would shall should can could "
    "may might must not "
    "and or but nor so yet if because although though while since unless until than as whether "
    "of in on at by for from to with into onto upon over under between among through during before after above "
    "below against about within without across along around behind beyond toward towards up down out off per via "
    "there here then also too very more most much many few less least only just still even again "
    "however therefore"
)
ENGLISH_FUNCTION_WORDS: frozenset[str] = frozenset(_FUNCTION.split())
"""Determiners, pronouns, auxiliaries, conjunctions, prepositions and the commonest adverbs; a closed list."""

_ALSO_VIETNAMESE = (
    "a an am be do can may no so than the in on to me my he her him hay i them then too up"
)
ALSO_VIETNAMESE: frozenset[str] = frozenset(_ALSO_VIETNAMESE.split())
"""English function words that are Vietnamese syllables too: never evidence on their own."""

_DOMAIN = (
    "commune communes hamlet hamlets household households ward wards farmer farmers irrigation poultry livestock "
    "acreage seedlings paddy orchard orchards handicraft handicrafts smallholder countryside cooperatives "
    "resettlement reforestation aquaculture fertilizer fertilizers criterion fee fees garden gardens"
)
DOMAIN_ENGLISH: frozenset[str] = frozenset(_DOMAIN.split())
"""Plain English words of rural news that general English counts make look rare."""
