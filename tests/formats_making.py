"""Repairs for the tests of formats: a hand-made one with everything in it, and random ones."""

from hypothesis import strategies as st

from vn_repair.types import EN, VI, Article, Edit, Label, Repair, Severity, Span, Status, apply_edits

TEXT = (
    "Hội nghị bàn xây dựng mẫu kiểu NTM. Dự án to plan to the top ban đầu đã xong.\n"
    "\n"
    "- Tỷ lệ đạt 95,539 tỷ đồng.Do vậy, các xã xã <v>phấn đấu</v> & đạt ]]> 47.5. % \\t?\r\n"
    "=HYPERLINK(\"x\") \x1b[31mđỏ\x00 \u202eABC \U0001f33e\u2028mới\ufffe\tcột\n"
    "Chia sẻ: Facebook Zalo\n"
    "Ảnh: Minh Anh. Thủ tướng"
)
FIXES: tuple[tuple[str, str, Label, Severity, Status, str], ...] = (
    ("mẫu kiểu NTM", "NTM kiểu mẫu", Label.WORD_ORDER, Severity.MINOR, Status.ACCEPTED, "đảo bổ ngữ"),
    ("to plan to the top", "theo kế hoạch", Label.UNTRANSLATED, Severity.MAJOR, Status.REVIEW, "tiếng Anh ]]> \x07"),
    ("xã xã", "xã", Label.REPETITION, Severity.MINOR, Status.ACCEPTED, "lặp"),
    ("47.5. %", "47,5%", Label.NUMBER_FORMAT, Severity.CRITICAL, Status.REJECTED, "số"),
    ("Chia sẻ: Facebook Zalo\n", "", Label.BOILERPLATE, Severity.MINOR, Status.ACCEPTED, "khung trang"),
)


def made(text: str = TEXT, lang: str = VI, identifier: str = "báo/001 <&\"'>") -> Repair:
    """The hand-made repair: an edit of each status, hostile characters, a deleted line, a translation."""
    spans, edits = [], []
    for surface, new, label, severity, status, message in FIXES:
        start = text.index(surface)
        end = start + len(surface)
        stop = start + len(surface.rstrip("\n"))
        spans.append(Span(start, stop, label, severity, 0.9, f"{label}.test", message, new))
        edits.append(Edit(start, end, new, "rule:test", 0.75, status, ("numbers: đổi số",), (("khác", 0.4),)))
    boundary = text.index("đồng.Do") + len("đồng.")
    edits.append(Edit(boundary, boundary, " ", "rule:space", 0.9, Status.ACCEPTED))
    edits.sort(key=lambda e: e.start)
    own = apply_edits(text, edits)
    other = translated(own)
    vi, en = (own, other) if lang == VI else (other, own)
    return Repair(Article(identifier, text, lang, "x.txt"), tuple(spans), tuple(edits), vi, en, ("note \x01",))


def translated(text: str) -> str:
    """Something in the other language, as many lines as `text` has."""
    return "\n".join(f"The {line.strip()}" if line.strip() else line for line in text.splitlines())


WORDS = ("Hội", "nghị", "xã", "NTM", "47.5.", "%", "của", "the", "Ngày", "tỉnh,", "đạt.", "“Xong.”", "- a", "=1+1",
         "'x",
         '"y', "+84", "@b", "<v>", "</v>", "\\", "\\n", "\\u0041", "]]>", "&lt;", "<mrk>", "a|||b", "\x00", "\x1b",
         "\ufffe", "\ud800", "\u200f", "שלום", "\U0001f33e", "\U000e0041", "\u2028", "\x85", "\x0b", "m²", "x_y",
         "1.000", "A.", "Do", "Ông", "\u00a0", "\u3000", "\ufeff")
GAPS = (" ", " ", " ", " ", "", "  ", "\t", "\n", "\n\n", "\r\n", "\r")
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=1, max_size=25).map(
    lambda parts: "".join(w + g for w, g in parts).strip() or "x")
replacements = st.lists(st.sampled_from((*WORDS, " ", " ", "\n")), max_size=4).map("".join)


@st.composite
def repairs(draw: st.DrawFn) -> Repair:
    """A repair with spans and edits anywhere, and mostly a translation."""
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True)))
    edits = [Edit(a, b, draw(replacements), "p", 0.5, draw(st.sampled_from(list(Status))), ("r",),
                  tuple((t, 0.1) for t in draw(st.lists(replacements, max_size=2))))
             for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    spans = [Span(a, b, draw(st.sampled_from(list(Label))), draw(st.sampled_from(list(Severity))), 0.5, "d", "m")
             for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    own = apply_edits(text, edits)
    other = draw(st.sampled_from((translated(own), "", "một dòng")))
    lang = draw(st.sampled_from((VI, EN)))
    vi, en = (own, other) if lang == VI else (other, own)
    return Repair(Article(draw(st.sampled_from(("a", "b\x1f", "-1", "x y"))), text, lang, "f"), tuple(spans),
                  tuple(edits), vi, en)
