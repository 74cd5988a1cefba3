"""Words swapped by an article spinner: "regarding 39.6%", "following meeting the standards" (class 2.11).

A spinner replaces *about* and *after* everywhere, so the frames where only they are right give it away: a figure
after "regarding", a verb or preposition before it, a gerund with its object after "following". `regarding` at
the head of a sentence and `following` as an adjective or before a noun are right and stay. Other swaps known from
spun articles are data (`data/spun_synonyms.tsv`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.phrase_rules import PhraseFinder, in_case_of, load_rules
from vn_repair.types import EN, Label, Severity, Span

MONEY = r"(?:VND|USD|EUR|US\$|\$|€)\s?\d"
UNIT = r"(?:%|percent|per cent|VND|USD|(?:billion|million|trillion|thousand|hectares?|ha|km|tons?|tonnes?)\b)"
FRACTION = (
    r"(?:half (?:an?|of|the)|twice|"
    r"(?:one|two|three|nine) (?:in|out of|thirds?|quarters?|million|thousand|hundred))"
)
FIGURE = rf"(?:{MONEY}|\d[\d.,]*\s?{UNIT}|\d{{1,3}}(?:,\d{{3}})+\b|{FRACTION}\b)"
VERB_OR_PREPOSITION = (
    r"(?:for|of|to|by|with|from|at|than|over|in|is|are|was|were|be|been|has|have|had|reach(?:es|ed|ing)?|mobili[sz]ed|"
    r"allocated|invested|spen[dt]|spends|raised|contributed|accounts?|accounting|earns?|earned|attracted|disbursed|"
    r"collected|needs?|requires?|covers?|covering|there|only|now|currently|total(?:l?ing|s|ed)?|donated|harvested|"
    r"produced|produces|grew|increased|decreased|rose|fell|worth|costs?|averag(?:es?|ing))"
)
QUANTITY = rf"(?:{MONEY}|\d|(?:half|one|two|three|four|five|six|ten|a (?:third|quarter|dozen|half|hundred|thousand))\b)"
# A large figure or one with a unit or a currency follows "regarding" only in the place of "about". A bare number
# proves it after a verb or preposition, and elsewhere unless it counts matters one can write about ("5 key tasks").
MATTER = (
    r"(?:tasks?|contents?|issues?|matters?|groups?|solutions?|articles?|cases?|points?|questions?|documents?|projects?|"
    r"program(?:me)?s?|bills?|laws?|resolutions?|decrees?|proposals?|topics?|areas?|aspects?|countries|[a-z]+ people)"
)
WITH_UNIT = regex.compile(rf"(?<!:\s)\bregarding(?=\s{FIGURE})")
AFTER_VERB = regex.compile(rf"\b{VERB_OR_PREPOSITION}\s\Kregarding(?=\s{QUANTITY})")
BARE = regex.compile(
    rf"(?<=[^\s]\s)\bregarding(?=\s(?!(?:19|20)\d\d\b)\d[\d.,]*\s(?!(?:[a-z-]+\s){{0,2}}{MATTER}\b)\p{{Ll}})")
ABOUT_FIGURE = regex.compile(r"\babout\s(?:VND|USD|US\$|\$)?\s?\d", regex.I)

OBJECT = (
    r"(?:the|a|an|its|their|his|her|our|these|those|this|that|all|many|more|being|\d[\d.,]*|one|two|three|four|five|"
    r"ten|nearly|over|by|from|to|into|up|out|off)"
)
NO_GERUND = (
    r"(?:spring|evening|morning|king|string|wing|thing|ring|during|according|regarding|including|pending|ceiling|"
    r"outstanding|upcoming|ongoing|existing|growing|increasing|rising)"
)
# "the following meeting", "closely following", "are following": an adjective or the verb itself.
NO_AFTER = (
    r"(?:the|an?|this|that|these|those|its|their|his|her|our|in|of|with|by|for|on|and|are|is|was|were|be|been|keep|"
    r"closely|strictly|while|when|not|as)"
)
PASSIVE = r"being\s(?:[a-z]+ed|built|given|made|put|set)"
MOTION = r"(?:coming|going|returning|arriving|moving|closing|graduating|retiring)\s(?:back|home|on|in|from|to|at)"
FOLLOWING = regex.compile(
    rf"(?<!\b{NO_AFTER}\s)\bfollowing"
    rf"(?=\s(?:(?!{NO_GERUND}\b)[a-z]{{2,}}ing\s{OBJECT}\b|{PASSIVE}\b|{MOTION}\b))", regex.I)
IN_OF_WHICH = regex.compile(r"\b(?:in of|of in) which\b", regex.I)
PERIOD = regex.compile(
    r"\b(?:in|for|during|of) the \K(?:duration|length|time)(?= (?:of )?20\d\d\s?[-–]\s?20[2-9]\d)", regex.I)
BEFORE_PERIOD = ("the duration ", "the length ", "the time ")


@cache
def swaps() -> PhraseFinder:
    """The rules of the data file, compiled once."""
    return PhraseFinder(load_rules("spun_synonyms.tsv"))


def regarding(text: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, score) of each "regarding" that stands for "about", in order."""
    if "regarding" not in text:
        return
    found = {match.span(): 0.97 for pattern in (WITH_UNIT, AFTER_VERB) for match in pattern.finditer(text)}
    # A spun article has no "about" before a figure left.
    if not ABOUT_FIGURE.search(text):
        for match in BARE.finditer(text):
            found.setdefault(match.span(), 0.85 if found else 0.75)
    for (start, end), score in sorted(found.items()):
        yield start, end, score


def find(view: View) -> Iterator[Span]:
    """Yield a span over each swapped word with the plain one as its suggestion."""
    text = view.text
    found: list[Span] = []

    def add(at: tuple[int, ...], right: str, score: float, why: str, label: Label = Label.SPUN_SYNONYM) -> None:
        start, end = at
        found.append(Span(start, end, label, Severity.MINOR, score, DETECTOR.id, why,
                          in_case_of(text[start:end], right)))

    for start, end, score in regarding(text):
        add((start, end), "about", score, "“regarding” before a figure stands for “about”")
    low = view.folded
    for match in FOLLOWING.finditer(text) if "following" in low else ():
        add(match.span(), "after", 0.9, "“following” before a verb stands for “after”")
    for match in IN_OF_WHICH.finditer(text) if "of in which" in low or "in of which" in low else ():
        add(match.span(), "of which", 0.95, "two linking words run together", Label.FRAGMENT)
    for match in PERIOD.finditer(text) if any(map(low.__contains__, BEFORE_PERIOD)) else ():
        add(match.span(), "period", 0.85, f"“{match[0]}” stands for “period”")
    yield from found
    found.sort(key=lambda span: span.start)
    starts, reach = [span.start for span in found], list(accumulate((span.end for span in found), max))
    for span in swaps().find(view, DETECTOR.id):
        at = bisect_left(starts, span.end)
        if not at or reach[at - 1] <= span.start:
            yield span


DETECTOR = Detector("spun_synonym", frozenset({EN}), "words swapped by an article spinner (regarding, following)", find,
                    phrases=lambda lang: swaps().entries)
"""The detector."""
