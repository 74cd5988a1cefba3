"""Records, visible characters, paragraph alignment and the HTML report."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_repair.types import Article, Edit, InputError, Label, Repair, Severity, Span, Status, apply_edits
from vn_repair.write.align import find_findings, lay_out
from vn_repair.write.record import detect_record, full_record, line, read_record, repair_record
from vn_repair.write.report import TAGS, detect_report, report, report_index, top_labels
from vn_repair.write.visible import one_line, split_hidden

VOID = {"meta", "br", "link", "img", "input", "hr"}
TEXT = """Hội nghị chủ trì

Hội nghị chủ trì

Show vẫn còn 45 huyện “trắng” xã NTM, trong when nhiều xã đã về đích.
"""


def span_at(text: str, surface: str, label: Label, start: int = 0, suggestion: str | None = None) -> Span:
    at = text.index(surface, start)
    return Span(at, at + len(surface), label, Severity.MAJOR, 0.9, "test.rule", f"a test of {label}", suggestion)


def edit_on(span: Span, replacement: str, status: Status) -> Edit:
    return Edit(span.start, span.end, replacement, "test", 0.8, status, ("numbers kept",), (("trong lúc", 0.3),))


def sample(lang: str = "vi") -> Repair:
    article = Article("002", TEXT, lang, "002.txt", removed=("Trang chủ | Đăng nhập",))
    spans = (span_at(TEXT, "Hội nghị chủ trì", Label.DUPLICATE, 5, ""), span_at(TEXT, "Show", Label.UNTRANSLATED),
             span_at(TEXT, "“trắng”", Label.PUNCTUATION), span_at(TEXT, "trong when", Label.UNTRANSLATED))
    edits = (edit_on(spans[0], "", Status.ACCEPTED), edit_on(spans[1], "Hiện", Status.ACCEPTED),
             edit_on(spans[2], "trắng", Status.REJECTED), edit_on(spans[3], "trong khi", Status.REVIEW))
    repaired = apply_edits(TEXT, edits)
    other = "Chairing the conference\n\nThere are still 45 districts without a new-style rural commune."
    vi, en = (repaired, other) if lang == "vi" else (other, repaired)
    return Repair(article, spans, edits, vi, en, ("one note",))


class Checker(HTMLParser):
    """Collects elements, attributes and text, and checks that every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data


def parsed(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker


def test_records_have_exactly_the_documented_keys() -> None:
    repair = sample()
    detected, repaired = detect_record(repair.article, repair.spans), repair_record(repair)
    assert list(detected) == ["id", "text", "lang", "spans"]
    assert list(repaired) == ["id", "text", "lang", "spans", "edits", "vi", "en"]
    assert list(repaired["spans"][0]) == ["start", "end", "label", "severity", "score", "detector", "message",
                                          "suggestion"]
    assert list(repaired["edits"][0]) == ["start", "end", "replacement", "status", "score", "proposer", "reasons"]
    assert repaired["spans"][1]["label"] == "untranslated"


def test_a_full_record_gives_the_repair_back() -> None:
    repair = sample()
    assert read_record(json.loads(line(full_record(repair, {"version": "1"})))) == repair


@pytest.mark.parametrize("damage", [{"spans": [{"start": 1}]}, {"edits": [{}]}, {"lang": None, "spans": 3}])
def test_a_damaged_record_is_bad_input(damage: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not a repair record"):
        read_record({**repair_record(sample()), **damage})


def test_a_lone_surrogate_still_makes_a_line_of_utf8() -> None:
    assert json.loads(line({"text": "xã \ud800"}).encode("utf-8")) == {"text": "xã \ud800"}


@given(st.text())
def test_hidden_characters_are_split_off_and_nothing_is_lost(text: str) -> None:
    parts = split_hidden(text)
    assert "".join(part for part, _ in parts) == text
    shown = one_line(text, 40)
    assert len(shown) <= 40
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)


def test_findings_pair_edits_with_spans() -> None:
    repair = sample()
    extra = span_at(TEXT, "về đích", Label.WORD_ORDER)
    findings = find_findings([*repair.spans, extra], repair.edits)
    assert [f.number for f in findings] == [1, 2, 3, 4, 5]
    assert findings[-1].spans == (extra,)
    assert findings[-1].edit is None
    assert [f.edit for f in findings[:-1]] == list(repair.edits)


def test_paragraphs_stand_beside_each_other() -> None:
    layout = lay_out(sample())
    sides = [("".join(p.text for p in b.source), "".join(p.text for p in b.repaired), b.other) for b in layout.blocks]
    assert sides == [
        ("Hội nghị chủ trì", "Hội nghị chủ trì", "Chairing the conference"),
        ("Hội nghị chủ trì", "", ""),
        ("Show vẫn còn 45 huyện “trắng” xã NTM, trong when nhiều xã đã về đích.",
         "Hiện vẫn còn 45 huyện “trắng” xã NTM, trong when nhiều xã đã về đích.",
         "There are still 45 districts without a new-style rural commune."),
    ]
    assert [p.kind for b in layout.blocks for p in b.repaired] == ["plain", "removed", "accepted", "plain", "review",
                                                                   "plain"]
    assert (layout.rest, layout.repaired_text) == ("", None)


def test_an_unequal_number_of_lines_is_shown_whole() -> None:
    repair = sample()
    changed = Repair(repair.article, repair.spans, repair.edits, "Một văn bản khác", "One line only")
    layout = lay_out(changed)
    assert layout.rest == "One line only"
    assert layout.repaired_text == "Một văn bản khác"
    page = "".join(report([changed], "t"))
    assert "One line only" in page
    assert "Một văn bản khác" in page


@st.composite
def repairs(draw: st.DrawFn) -> Repair:
    text = draw(st.text("ab xã,.\n\r\t<&\u202e", min_size=1, max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = [(s, e) for s, e in zip(cuts[::2], cuts[1::2], strict=False) if s < e]
    spans = tuple(Span(s, e, draw(st.sampled_from(Label)), Severity.MINOR, 0.5, "d", "m") for s, e in pairs)
    edits = tuple(Edit(s, e, draw(st.text("cd é\n", max_size=4)), "p", 0.5, draw(st.sampled_from(Status)))
                  for s, e in pairs)
    article = Article("i", text, "vi", "s")
    return Repair(article, spans, edits, apply_edits(text, edits), draw(st.text("x \n", max_size=9)))


@given(repairs())
def test_layout_loses_no_word(repair: Repair) -> None:
    layout = lay_out(repair)
    source = "".join("".join(p.text for p in b.source) for b in layout.blocks)
    assert "".join(source.split()) == "".join(repair.article.text.split())
    shown = layout.repaired_text or "".join("".join(p.text for p in b.repaired) for b in layout.blocks)
    assert "".join(shown.split()) == "".join(repair.vi.split())
    other = layout.rest or "".join(b.other for b in layout.blocks)
    assert "".join(other.split()) == "".join(repair.en.split())
    parsed("".join(report([repair], "t")))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_report_shows_everything(lang: str) -> None:
    page = parsed("".join(report([sample(lang)], "title")))
    for wanted in ("Show", "Hiện", "test.rule", "a test of untranslated", "numbers kept", "trong lúc", "one note",
                   "Trang chủ | Đăng nhập", "✓ 2 accepted", "? 1 for review", "✗ 1 rejected", "3:1", "5:1"):
        assert wanted in page.text, wanted
    marks = [attributes for tag, attributes in page.tags if tag == "mark"]
    assert all(attributes.get("tabindex") == "0" for attributes in marks)
    assert {a.get("lang") for _, a in page.tags} >= {"vi", "en"}
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        if tag == "a":
            assert str(attributes["href"])[1:] in ids
        if "aria-describedby" in attributes:
            assert attributes["aria-describedby"] in ids


def test_the_page_needs_nothing_else() -> None:
    page = "".join(report([sample()], "title"))
    assert not {tag for tag, _ in parsed(page).tags} & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"url\(|@import|https?://", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)",
           "</mark></style></html>", "{{ 7 * 7 }}", "{% raw %}", "<!--", "]]>", "&lt;b&gt;", "javascript:alert(1)",
           "a\u202eb\u2066c\u200bd\x1b[31me\x00f"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(hostile: str) -> None:
    text = f"xã {hostile} mới"
    span = Span(0, len(text), Label.FRAGMENT, Severity.MAJOR, 0.5, hostile, hostile, hostile)
    edits = (Edit(0, 2, hostile, hostile, 0.5, Status.ACCEPTED, (hostile,), ((hostile, 0.1),)),
             Edit(3, 5, hostile, hostile, 0.5, Status.REVIEW, (hostile,), ((hostile, 0.1),)))
    article = Article(hostile, text, "vi", hostile, (hostile,))
    repair = Repair(article, (span,), edits, apply_edits(text, edits), hostile, (hostile,))
    harmless = Repair(Article("i", "xã x mới", "vi", "i", ("x",)),
                      (Span(0, 8, Label.FRAGMENT, Severity.MAJOR, 0.5, "x", "x", "x"),),
                      (Edit(0, 2, "x", "x", 0.5, Status.ACCEPTED, ("x",), (("x", 0.1),)),
                       Edit(3, 4, "x", "x", 0.5, Status.REVIEW, ("x",), (("x", 0.1),))), "x x mới", "x", ("x",))
    wanted = [tag for tag, _ in parsed("".join(report([harmless], "t"))).tags]
    pages = "".join(report([repair], hostile))
    got = [(tag, a) for tag, a in parsed(pages).tags if a.get("class") != "hidden-character"]
    assert [tag for tag, _ in got] == wanted
    assert not [name for _, attributes in got for name in attributes if name.startswith("on")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00\x1b]", pages)
    assert "49" not in parsed(pages).text
    for other in (detect_report([(article, [span])], hostile), report_index([(repair, "")], hostile)):
        assert "script" not in {tag for tag, _ in parsed("".join(other)).tags}


def test_every_label_has_a_tag_and_a_colour() -> None:
    page = "".join(report([], "t"))
    assert set(TAGS) == set(Label)
    assert len(set(TAGS.values())) == len(Label)
    for label in Label:
        assert f".{label} {{ --c:" in page, label


def test_top_labels() -> None:
    from collections import Counter

    assert top_labels(Counter()) == "none"
    assert top_labels(Counter(a=3, b=2)) == "a 3, b 2"
    assert top_labels(Counter(a=9, b=8, c=7, d=1, e=2)) == "a 9, b 8, c 7 + 3 more"
