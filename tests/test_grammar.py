"""The grammar of formulaic sentences: each template on both sides, and what loading refuses."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from vn_repair.glossary import forbidden
from vn_repair.placeholders import slots, unaccented
from vn_repair.training.grammar import BUILT_IN, Grammar, Template, number
from vn_repair.types import EN, VI

GRAMMAR = Grammar.load()
SAMPLES = 25


def _facts(text: str, lang: str) -> Counter[tuple[str, str]]:
    return Counter((s.kind, s.key) for s in slots(text, lang, names=False))


def test_there_are_enough_templates() -> None:
    assert len(GRAMMAR.templates) >= 250


@pytest.mark.parametrize("template", GRAMMAR.templates, ids=lambda t: t.name)
def test_each_template_agrees_on_both_sides(template: Template) -> None:
    rng = random.Random(template.name)
    for _ in range(SAMPLES):
        vi, en = GRAMMAR.fill(template, rng)
        assert not set("{}|") & set(vi + en), (vi, en)
        assert "  " not in vi + en and vi.strip() == vi and en.strip() == en
        assert _facts(vi, VI) == _facts(en, EN), (vi, en)
        assert en.isascii() or unaccented(en) == en, en
        assert unaccented(vi) != vi, vi
        assert vi[:1] == vi[:1].upper() and en[:1] == en[:1].upper()
        assert vi.endswith(".") == en.endswith(".") or "”" in vi
        assert vi.count("“") == en.count("“")


@pytest.mark.parametrize("lang", [VI, EN])
def test_no_forbidden_rendering_is_drawn(lang: str) -> None:
    rng = random.Random(7)
    text = "\n".join(f" {GRAMMAR.sample(rng)[0 if lang == VI else 1].lower()} " for _ in range(3000))
    wrong = [form for form, _, _ in forbidden(lang) if "[" not in form and f" {form.lower()} " in text]
    assert wrong == []


def test_the_same_state_gives_the_same_pairs() -> None:
    first, second = random.Random(5), random.Random(5)
    drawn = [GRAMMAR.sample(first) for _ in range(300)]
    assert drawn == [Grammar.load().sample(second) for _ in range(1)] + [GRAMMAR.sample(second) for _ in range(299)]
    assert len(set(drawn)) > 200


def test_names_lose_their_accents_in_english() -> None:
    template = Template("x", "Đồng chí {person} ở {province}.", "{person} in {province}.")
    for seed in range(50):
        vi, en = GRAMMAR.fill(template, random.Random(seed))
        assert unaccented(vi.removeprefix("Đồng chí ")).replace(" o ", " in ") == en


@pytest.mark.parametrize(("value", "digits", "vi", "en"), [
    (39632, 0, "39.632", "39,632"), (47.5, 1, "47,5", "47.5"), (1234.5, 2, "1.234,5", "1,234.5"), (48.0, 1, "48", "48"),
    (100, 0, "100", "100"),
])
def test_numbers_in_each_language(value: float, digits: int, vi: str, en: str) -> None:
    assert number(value, digits) == (vi, en)


def test_money_and_dates_in_each_language() -> None:
    rng = random.Random(1)
    for _ in range(100):
        vi, en = BUILT_IN["money"](rng, "")
        assert vi.endswith(" tỷ đồng") and "billion" in en and "VND" in en
        vi, en = BUILT_IN["date"](rng, "")
        assert _facts(vi, VI) == _facts(en, EN) and len(_facts(vi, VI)) == 1


def test_a_choice_is_made_once_for_both_sides() -> None:
    template = Template("x", "(một|hai|ba) và (bốn|năm)", "(one|two|three) and (four|five)")
    pairs = {GRAMMAR.fill(template, random.Random(seed)) for seed in range(200)}
    words = dict(zip("một hai ba bốn năm".split(), "one two three four five".split(), strict=True))
    assert len(pairs) == 6
    for vi, en in pairs:
        assert [words[w.lower()] for w in vi.split(" và ")] == en.lower().split(" and ")


@pytest.mark.parametrize(("row", "message"), [
    ("a\t{n1} xã", "bad.tsv:2: 2 columns"),
    ("a\tCó {n1} xã.\tThere are {n2} communes.", "bad.tsv:2: slots on one side only: {n1} {n2}"),
    ("a\t(x|y) z\tz", "bad.tsv:2: the choices"),
    ("a\t({n1}|y)\t(x|{n1})", "bad.tsv:2: slots on one side"),
    ("a\t{nothing} xã\t{nothing} communes", "bad.tsv:2: no filler for {nothing}"),
    ("a\t{Nope} xã\tcommunes", "bad.tsv:2: a brace"),
    ("a\t\tcommunes", "bad.tsv:2: an empty side"),
    ("ok\tXã\tCommune", "bad.tsv:2: id ok occurs twice"),
])
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "lists.tsv").write_text("surname\tTrần\t\n", encoding="utf-8")
    (tmp_path / "bad.tsv").write_text(f"ok\tCó {{n1}} xã.\tThere are {{n1}} communes.\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError) as failure:
        Grammar.load(tmp_path)
    assert str(failure.value).startswith(message)
