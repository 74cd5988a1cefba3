"""A negation lost, doubled or moved, as the words around it tell (class 1.4: "không hoàn thành 19 tiêu chí mà còn").

The cues are frames that clean text fills in one way only. After "không … mà còn" stands "không chỉ", unless what is
denied is bad itself; of "được làm và không được làm" in a review of results one half was turned over ("làm được và
chưa làm được"); "chỉ" stands before its verb, "không" before what it denies; English has one negation a clause, a bare
verb after "did not", and "not only" before "but also". A "chỉ" or "only" beside 100 % has lost its figure or its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import regex

from vn_repair.detect.registry import Detector
from vn_repair.detect.view import View
from vn_repair.phrase_rules import in_case_of
from vn_repair.types import EN, VI, Label, Severity, Span

AROUND = 170  # characters before and after a cue in which its frame is looked for


@dataclass(frozen=True, slots=True)
class Frame:
    """A pattern of which the group `span` is wrong; `right` makes its replacement, `None` where it is not certain.

    `holds` are words in lower case of which one stands in every match; the pattern is tried around them alone.
    """

    holds: tuple[str, ...]
    pattern: regex.Pattern[str]
    label: Label
    severity: Severity
    score: float
    why: str
    right: Callable[[regex.Match[str]], str] | None = None


# What a report would not deny of itself.
GOOD_DEED = (r"(?:hoàn thành|nâng cao|góp phần|giúp|tạo|phát triển|cải thiện|thúc đẩy|bảo đảm|đảm bảo|mở rộng|mang lại|"
           r"đem lại|khai thác|giữ gìn|bảo tồn|phát huy|đáp ứng|khẳng định|tiết kiệm|làm tốt)")
COUNTED = r"(?:cặp|hộ|xã|thôn|bản|ấp|huyện|vụ|trường hợp|tảo hôn|đói|nghèo|nhà tạm|điểm)"
GOOD_DEED_EN = (r"(?:complet\w+|improv\w+|contribut\w+|help\w*|creat\w+|develop\w*|ensur\w+|promot\w+|rais\w+|"
                r"enhanc\w+|expand\w*|bring\w*|sav\w+|preserv\w+)")
AUXILIARY = r"(?:did|do|does|has|have|had|is|are|was|were|will|would|can|could)"
NO_PRONOUN = r"(?!(?:they|he|she|we|you|it|I)\b)"
NO_PAST = r"(?:need|feed|proceed|succeed|exceed|embed|speed|bleed|breed|seed|weed|heed|shed|wed|concede|intend)"
HAVE_VI = r"(?:đạt được|đạt|có được|có|còn lại|còn)"
BAD, ORDER = Label.MISTRANSLATION, Label.WORD_ORDER

def said(pattern: str) -> regex.Pattern[str]:
    """The pattern compiled, case ignored."""
    return regex.compile(pattern, regex.I)


FRAMES = {
    VI: (
        Frame(("mà còn", "mà cốt lõi", "mà quan trọng", "mà điều"), said(
            rf"(?<!(?:chỉ|những|phải) [^.;!?\n]{{0,60}})\b(?P<span>không) (?={GOOD_DEED}\b"
            r"(?:(?!không|chỉ)[^.;:!?\n]){3,90}\bmà (?:còn|cốt lõi|quan trọng hơn|điều quan trọng)\b"
            r"(?! (?:làm|gây|khiến|ảnh hưởng|kéo|đẩy|mất|bị|phải)\b))"),
            BAD, Severity.CRITICAL, 0.75, "before “mà còn”, “không” stands for “không chỉ”", lambda m: "không chỉ"),
        Frame(("và không được",), said(
            r"(?<=(?:kinh nghiệm|bài học|kết quả|tổng kết|đánh giá|rút ra)[^.!?\n]{0,80})"
            r"\b(?P<span>được (?P<verb>\w+) và không được (?P=verb))\b(?! theo quy định)"),
            BAD, Severity.MAJOR, 0.7, "allowed and not allowed, where a review tells what was and was not achieved",
            lambda m: f"{m['verb']} được và chưa {m['verb']} được"),
        Frame(("đạt chỉ ", "được chỉ ", "có chỉ ", "còn chỉ ", "lại chỉ "), said(
            rf"\b(?P<span>(?P<verb>{HAVE_VI}) chỉ)(?= (?:\d|hơn \d|gần \d|khoảng \d|vài |mỗi |một vài ))"),
            ORDER, Severity.MINOR, 0.8, "“chỉ” stands before its verb", lambda m: f"chỉ {m['verb']}"),
        Frame(("100%", "100 %"), said(
            r"\b(?P<span>chỉ)(?= (?:đạt |có |bằng |được )?100\s?%(?! (?:vốn|công suất|học phí)))"),
            BAD, Severity.MAJOR, 0.5, "“chỉ” beside 100 %: the one or the other is wrong"),
        Frame((" không mà vì ",), said(
            r"\bvì (?P<span>(?:(?!không|vì)[\w]+ ){1,6}không)(?= mà vì\b)"),
            ORDER, Severity.MAJOR, 0.85, "“không” stands before what it denies"),
        Frame(("còn không ",), said(rf"\b(?P<span>còn không)(?= {COUNTED}\b)"),
              ORDER, Severity.MINOR, 0.75, "“không còn” in the wrong order", lambda m: "không còn"),
        Frame(("mà phải không ",), said(r"\bmà (?P<span>phải không)(?= (?!ngừng|ít|nhỏ|có|được)\w+)"),
              ORDER, Severity.MINOR, 0.65, "“không phải” in the wrong order", lambda m: "không phải"),
        Frame(("không không", "không chưa", "không đừng", "chưa không"), said(
            r"(?<!\b(?:hàng|phòng|hư|trên|tầm|chân|hay|hoặc|có|hoặc là) )\b"
            r"(?P<span>không (?:không|chưa|đừng)|chưa không)\b(?! (?:biết|hay))"),
            BAD, Severity.MAJOR, 0.6, "two negations run together"),
    ),
    EN: (
        Frame(("but also",), said(
            rf"\b(?P<span>{AUXILIARY} not)(?= {GOOD_DEED_EN}\b"
            r"(?:(?!\b(?:only|just|merely|simply|solely|alone)\b)[^.;:!?\n]){3,120}\bbut also\b)"),
            BAD, Severity.CRITICAL, 0.75, "before “but also”, “not” stands for “not only”",
            lambda m: f"{m['span']} only"),
        Frame(("did not ", "does not ", "do not "), said(
            rf"\b(?P<span>(?:did|do|does) not (?!{NO_PAST}\b)\w{{2,}}[^e\W]ed)\b(?! \w+ing\b)"),
            BAD, Severity.CRITICAL, 0.7, "“not” before a past form: one of them is wrong"),
        Frame(("no ", "none ", "nobody ", "nothing "), said(
            rf"(?<!\b(?:there|is|are|was|were|have|has|had|with|make|made|makes|say|says|said) )"
            rf"\b(?P<span>(?:no {NO_PRONOUN}\w+|none|nobody|no one|nothing)(?: of (?:the|them|these)(?: \w+)?)? "
            r"(?:has|have|had|is|are|was|were|does|do|did|can) not(?: \w+)?)\b"),
            BAD, Severity.CRITICAL, 0.65, "two negations in one clause"),
        Frame(("not not", "cannot not", "do not no", "does not no", "never not", "longer not", "not never"), said(
            r"\b(?P<span>not not|cannot not|do not no|does not no|never not|no longer not|not never)\b"),
            BAD, Severity.MAJOR, 0.75, "two negations run together"),
        Frame(("instead of",), said(
            r"\binstead of \w+ing [^.,;\n]{2,60}, (?:they|it|he|she|we|people|farmers|\w+ households) "
            r"(?P<span>(?:did|do|does) not)(?= \w+)"),
            BAD, Severity.CRITICAL, 0.5, "“instead of” and “not” say the same thing twice"),
        Frame(("ing not ",), said(
            r"\b(?P<span>(?P<be>is|are|was|were) (?P<verb>\w+ing) not)(?! only\b|[^.]{0,120}\bbut\b)"
            r"(?= (?:to )?(?:the|a|an|any|all|communes?|households?|those)\b)"),
            ORDER, Severity.MAJOR, 0.6, "“not” stands before the verb", lambda m: f"{m['be']} not {m['verb']}"),
        Frame(("only 100", "only reach", "only met 100", "only meets 100"), said(
            r"\b(?P<span>only)(?= (?:reached |reaches |reaching |met |meets )?100 ?(?:%|per ?cent)"
            r"(?! of the (?:capital|cost)))"),
            BAD, Severity.MAJOR, 0.5, "“only” beside 100 %: the one or the other is wrong"),
    ),
}  # fmt: skip

# "nhưng" and "song" set good against bad; with nothing bad on either side a negation may be lost.
CONTRASTS = ("nhưng ", "song ")
GOOD = re.compile(r"\b(?:đạt|hoàn thành|tăng|nâng lên|nâng cao|tốt|thuận lợi|khởi sắc|đẹp|vững chắc|hiệu quả|"
                  r"cải thiện|đồng thuận|hài lòng|thành công|bảo đảm|đảm bảo|ổn định|cao)\b")
BAD_VI = re.compile(
    r"\b(?:không|chưa|chẳng|khó|thiếu|yếu|kém|thấp|hạn chế|chậm|giảm|còn|chỉ|(?<!thôn )mới|lỗ|xấu|nghèo|mất|nợ|ít|"
    r"nhỏ|hẹp|"
    r"xa|muộn|trễ|rủi ro|lo|ô nhiễm|vướng|bất cập|đòi hỏi|phải|cần|khi|nếu|lại|vẫn|cũng|quá|bị|nhiều nơi|tuy|mặc dù|dù|"
    r"dẫu|bất chấp|thiên tai|dịch|nguy cơ|căng thẳng|ảnh hưởng|vất vả|tốn|đắt|song song|biến động|cạnh tranh)\b",
    re.I)
ENDS = ".;:!?\n"


def contrasts(text: str) -> Iterator[Span]:
    """The good word after a "nhưng" that nothing bad stands before or after; a weak suspicion."""
    for word in CONTRASTS:
        at = text.find(word)
        while at >= 0:
            after = at + len(word)
            # Most end here, so what follows may be slow.
            if not text[at - 1].isalnum() and not BAD_VI.search(text, after, after + 30):
                first = max(text.rfind(mark, 0, at) for mark in ENDS) + 1
                last = min((end for mark in ENDS if (end := text.find(mark, after)) >= 0), default=len(text))
                good = GOOD.search(text, after, last)
                if (good and at - first > 20 and GOOD.search(text, first, at) and not BAD_VI.search(text, first, at)
                        and not BAD_VI.search(text, after, last) and not text.startswith("song", after)):
                    yield Span(good.start(), good.end(), BAD, Severity.CRITICAL, 0.25, DETECTOR.id,
                               f"good on both sides of “{word.strip()}”: a negation may be lost")
            at = text.find(word, after)


def find(view: View) -> Iterator[Span]:
    """Yield a span over the negation, or the words that a lost one left standing."""
    text, folded = view.text, view.folded
    for each in FRAMES[view.lang]:
        done = 0
        for word in each.holds:
            at = folded.find(word)
            while at >= 0:
                match = each.pattern.search(text, max(done, at - AROUND), at + AROUND)
                if match is not None and match.start("span") >= done:
                    start, done = match.span("span")
                    suggestion = in_case_of(text[start:done], each.right(match)) if each.right else None
                    yield Span(start, done, each.label, each.severity, each.score, DETECTOR.id, each.why, suggestion)
                at = folded.find(word, at + 1)
    if view.lang == VI:
        yield from contrasts(text)


DETECTOR = Detector("mistranslation.polarity", frozenset({VI, EN}), "a negation lost, doubled or moved", find)
"""The detector."""
