"""Terms of one article that do not agree (classes 1.6, 2.2): one concept, one name.

Two sources. Of the names in `data/term_variants.tsv` each is right by itself (the first is the official one); where an
article has several, the rarer ones are marked, weakly, as a translator's consistency check does. In an article on
new-style rural development, "tiêu chuẩn" in a frame that only *tiêu chí* or *chỉ tiêu* fills ("17,8 tiêu chuẩn/xã",
"hoàn thành tiêu chuẩn thu nhập", "so với tiêu chuẩn ban đầu") came back from English, which has one word for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.folding import fold
from vn_repair.phrase_rules import in_case_of, read_table
from vn_repair.types import EN, VI, Label, Severity, Span

PROGRAMME = regex.compile(r"\bNTM\b|nông thôn mới|tiêu chí", regex.I)
CRITERION = (r"(?:thu nhập|hộ nghèo|nghèo đa chiều|giao thông|thủy lợi|trường học|cơ sở vật chất|nhà ở dân cư|"
             r"tổ chức sản xuất|quy hoạch|điện nông thôn|hệ thống chính trị|cứng|mềm)")
# (pattern, the word that fills it)
FRAMES = [(regex.compile(pattern, regex.I), right) for pattern, right in (
    (r"(?<!(?:đạt|đạt được|theo|đúng|đủ|đáp ứng|những|các) )\btiêu chuẩn(?= (?:NTM|nông thôn mới)\b)", "tiêu chí"),
    (r"(?<=\d )tiêu chuẩn(?= ?/ ?(?:xã|huyện|thôn)\b| (?:NTM|nông thôn mới)\b| theo bộ tiêu)", "tiêu chí"),
    (rf"(?<=\b(?:hoàn thành|thực hiện|nợ|giữ vững|rà soát|tiến độ)(?: các| tốt| những)? )tiêu chuẩn(?= {CRITERION}\b)",
     "tiêu chí"),
    (r"(?<=\b(?:nâng cao|giữ nguyên)(?: chất lượng)?(?: các)? )tiêu chuẩn"
     r"(?= (?:NTM|nông thôn mới|kiểu mẫu|hướng tới|trong xây dựng)\b)", "tiêu chí"),
    (r"(?<=\b(?:so với|vượt) )tiêu chuẩn(?= (?:ban đầu|kế hoạch|của kế hoạch|được giao|đề ra)\b)", "chỉ tiêu"),
)]  # fmt: skip


@cache
def concepts(lang: str) -> dict[str, tuple[str, ...]]:
    """Concept → its names in the order of the table, the official one first."""
    return {row["concept"]: tuple(row["variants"].split("; ")) for row in read_table("term_variants.tsv")
            if row["lang"] == lang}


def names(lang: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Name as it is looked for → (concept, name)."""
    out: dict[str, list[tuple[str, str]]] = {}
    for concept, variants in concepts(lang).items():
        for name in variants:
            for form in (name, name + "s") if lang == EN else (name,):
                out.setdefault(fold(form), []).append((concept, name))
    return out


def variants(view: View) -> Iterator[Span]:
    """The rarer names of each concept that has several in the article."""
    found = sorted(view.phrases.get(DETECTOR.id, ()), key=lambda f: (f[0] - f[1], f[0]))
    uses: dict[str, list[tuple[int, int, str]]] = {}
    covered: dict[str, set[int]] = {}  # offsets, by concept
    for start, end, (concept, name) in found:  # the longest first: "model new rural" is no "new rural" of its own
        if covered.setdefault(concept, set()).isdisjoint(range(start, end)):
            covered[concept].update(range(start, end))
            uses.setdefault(concept, []).append((start, end, name))
    for concept, places in uses.items():
        counts = Counter(name for _, _, name in places)
        if len(counts) < 2:
            continue
        order = concepts(view.lang)[concept]
        main = min(counts, key=lambda name: (-counts[name], order.index(name)))
        for start, end, name in sorted(places):
            if name != main:
                surface = view.text[start:end]
                better = main + ("s" if surface.lower().endswith("s") and not name.endswith("s") else "")
                yield Span(start, end, Label.TERMINOLOGY, Severity.MINOR, 0.3, DETECTOR.id,
                           f"{concept} is “{main}” {counts[main]} times in this article and “{name}” {counts[name]}",
                           in_case_of(surface, better))


def criteria(text: str) -> Iterator[Span]:
    """"Tiêu chuẩn" in the place of tiêu chí or chỉ tiêu."""
    found = {match.start(): (match, right) for pattern, right in FRAMES for match in pattern.finditer(text)}
    for _, (match, right) in sorted(found.items()):
        yield Span(match.start(), match.end(), Label.TERMINOLOGY, Severity.MINOR, 0.7, DETECTOR.id,
                   f"the programme counts {right}, not tiêu chuẩn", in_case_of(match[0], right))


def find(view: View) -> Iterator[Span]:
    """Yield a span over each name that does not agree with the article's own, with that one as the suggestion."""
    yield from variants(view)
    if view.lang == VI and "iêu chuẩn" in view.text and PROGRAMME.search(view.text):
        yield from criteria(view.text)


DETECTOR = Detector("terminology.agreement", frozenset({VI, EN}), "terms of one article that do not agree", find,
                    phrases=names)
"""The detector."""
