"""Hand-marked training text: its syntax, its files, what is made of it, and that none of it is of the references."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from vn_repair.markers import OPENERS
from vn_repair.propose.model_files import default_model
from vn_repair.training.back_translate import TAG, examples
from vn_repair.training.float_tagger import float_tagger
from vn_repair.training.garble import Garbled
from vn_repair.training.marked import main, parse, read_marked
from vn_repair.training.marked_shards import segments, seq2seq_examples
from vn_repair.types import EN, VI, InputError, Label

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "corpora" / "marked").glob("*.tsv"))
LINE = "Huyện có 14 xã ⟦NTM đạt chuẩn xã hội⟧{đạt chuẩn NTM|word_order}, ⟦the⟧{|untranslated} đường đẹp."


def test_marks_are_read_with_their_places() -> None:
    found = parse(LINE)
    assert found.text == "Huyện có 14 xã NTM đạt chuẩn xã hội, the đường đẹp."
    assert found.clean == found.corrected() == "Huyện có 14 xã đạt chuẩn NTM, đường đẹp."
    assert [(found.text[s.start : s.end], s.label) for s in found.spans] == [
        ("NTM đạt chuẩn xã hội", Label.WORD_ORDER), ("the", Label.UNTRANSLATED)]


@pytest.mark.parametrize(("marked", "clean"), [
    ("⟦Do that⟧{Do đó|untranslated}, xã tăng.", "Do đó, xã tăng."),
    ("Xã ⟦đã⟧{|fragment}.", "Xã."),
    ("⟦The⟧{|untranslated} xã đạt.", "xã đạt."),
    ("Xã đạt ⟦rồi⟧{|repetition}", "Xã đạt"),
    ("Xã đạt chuẩn.", "Xã đạt chuẩn."),
])
def test_corrections(marked: str, clean: str) -> None:
    assert parse(marked).clean == clean


@pytest.mark.parametrize(("marked", "message"), [
    ("Xã ⟦đạt⟧{đạt|fragment}.", "corrected to itself"),
    ("Xã ⟦ đạt⟧{được|fragment}.", "space at an edge"),
    ("Xã ⟦đạ⟧{đã|fragment}t.", "cuts a word"),
    ("Xã ⟦đạt⟧{được|lỗi}.", "lỗi"),
    ("Xã ⟦đạt⟧ được.", "stray '⟦'"),
    ("Xã {đạt|fragment}.", "stray '{'"),
])
def test_a_wrong_mark_is_told(marked: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(marked)


def test_a_wrong_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vi_x.tsv"
    path.write_text(f"{LINE}\tEnglish\n\nno translation\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"vi_x\.tsv:3: two columns"):
        list(read_marked(path))
    path.write_text(f"{LINE}\tEnglish\nXã đạt.\t\n", encoding="utf-8")
    main([str(path)])
    assert "2 items, 1 of them clean, 14 words, 2 spans" in capsys.readouterr().out


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_file_can_be_read(path: Path) -> None:
    assert unicodedata.is_normalized("NFC", path.read_text("utf-8"))
    for found, other in read_marked(path):
        assert found.corrected() or not found.text
        assert other, found.text
        # a translation and its original are of one length, more or less
        assert 0.3 < len(other) / len(found.clean) < 3.5, found.text


def trigrams(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def test_no_item_is_of_the_references_and_none_is_there_twice() -> None:
    """The same measure as eval/references/compile.py holds its own items to, against both splits."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    seen: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    for split in ("dev", "test"):
        for line in (ROOT / f"eval/references/{split}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            for text in {row["text"], row[f"{row['lang']}_ref"] or ""}:
                seen.append((row["id"], trigrams(text)))
    for number, (_, grams) in enumerate(seen):
        for gram in grams:
            index[gram].append(number)
    for path in FILES:
        for line, (found, _) in enumerate(read_marked(path), 1):
            grams = trigrams(found.clean)
            shared = Counter(n for gram in grams for n in index[gram])
            for number, count in shared.items():
                there, others = seen[number]
                assert count <= 0.5 * len(grams | others), f"{path.name}:{line} is nearly {there}"
            for gram in grams:
                index[gram].append(len(seen))
            seen.append((f"{path.name}:{line}", grams))


def test_segments_keep_their_marks() -> None:
    item = parse(f"{LINE} Đến nay, ⟦sở hữu⟧{{sở dĩ|mistranslation}} xã làm được là nhờ dân.")
    parts = list(segments(item, VI))
    assert [p.text for p in parts] == [item.text[: item.text.index(" Đến")], "Đến nay, sở hữu xã làm được là nhờ dân."]
    assert [[p.text[s.start : s.end] for s in p.spans] for p in parts] == [["NTM đạt chuẩn xã hội", "the"], ["sở hữu"]]
    assert parts[1].clean == "Đến nay, sở dĩ xã làm được là nhờ dân."


def test_examples_ask_for_clean_text_alone() -> None:
    items: list[tuple[Garbled, str]] = [(parse(LINE), "Fourteen communes met the standards; the roads are fine.")]
    made = list(seq2seq_examples(items, VI, random.Random(1)))
    assert {e.task for e in made} == {"infill", "rewrite", "translate_en", "translate_vi"}
    assert all("xã hội" not in "".join(e.target) for e in made if e.task != "infill")
    assert any("xã hội" in "".join(e.source) for e in made if e.task == "translate_en")
    assert not any("xã hội" in "".join(e.source) for e in made if e.task == "translate_vi")
    plain = next(e for e in made if e.task == "infill")
    assert plain.target == (OPENERS[0], "đạt chuẩn NTM", OPENERS[1], "")


def test_back_translation_keeps_real_text_as_target(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model:
        def pieces(self, parts: list[str]) -> list[str]:
            return ["<s>", *parts, "</s>"]

        class processor:
            decode = staticmethod(" ".join)

    def echo(_: object, sources: list[list[str]], temperature: float) -> list[list[str]]:
        return [s[2:-1] if "lost" not in " ".join(s) else ["nothing"] for s in sources]

    monkeypatch.setattr("vn_repair.training.back_translate.sample", echo)
    texts = ["The district has 14 communes.", "It lost 15 of them."]
    made = list(examples(Model(), texts, EN, 0.7))  # type: ignore[arg-type]
    assert len(made) == 1
    assert made[0].task == "translate_en" and made[0].source[:2] == ("<2en>", TAG)
    assert "14" not in "".join(made[0].target) and "communes" in "".join(made[0].target)


def test_the_shipped_tagger_comes_back_as_floats() -> None:
    pytest.importorskip("torch")
    held = float_tagger(default_model())
    weights = held["model"]
    assert held["layers"] == 6
    assert weights["encoder.embed_positions.weight"].shape == (514, 384)
    assert weights["head.weight"].shape == (17, 384)
    scale = np.abs(weights["encoder.layers.0.self_attn.q_proj.weight"].numpy())
    assert 0.01 < scale.mean() < 1
