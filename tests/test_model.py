"""The shipped model: whole, loadable without torch, and doing its three tasks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.propose.model_files import check_model, default_model
from vn_repair.propose.request import InfillRequest
from vn_repair.types import InputError


@pytest.fixture(scope="module")
def model() -> EmbeddedModel:
    return EmbeddedModel()


def test_manifest_lists_every_file_with_its_checksum() -> None:
    folder = default_model()
    manifest = check_model(folder)
    assert {"ctranslate2/model.bin", "ctranslate2/sentencepiece.model", "ctranslate2/config.json"} <= set(
        manifest["files"]
    )
    assert sum(e["bytes"] for n, e in manifest["files"].items() if n.startswith("ctranslate2")) < 45_000_000
    assert all(e["bytes"] <= 15_000_000 for n, e in manifest["files"].items() if n.startswith("transformers"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(default_model(), tmp_path / "model", ignore=shutil.ignore_patterns("transformers"))
    return tmp_path / "model"


def test_a_missing_or_damaged_model_is_one_clear_line(broken: Path, tmp_path: Path) -> None:
    cases = {
        "nothing": "no such file",
        "manifest": "not a readable model manifest",
        "gone": "is missing",
        "bit": "is damaged",
    }
    (broken / "manifest.json").rename(broken / "kept.json")
    manifest = (broken / "kept.json").read_text("utf-8")
    for kind, words in cases.items():
        if kind == "manifest":
            (broken / "manifest.json").write_text("{", encoding="utf-8")
        elif kind == "gone":
            (broken / "manifest.json").write_text(manifest, encoding="utf-8")
            (broken / "ctranslate2" / "config.json").rename(broken / "config.json")
        elif kind == "bit":
            (broken / "config.json").rename(broken / "ctranslate2" / "config.json")
            data = bytearray((broken / "ctranslate2" / "model.bin").read_bytes())
            data[len(data) // 2] ^= 1
            (broken / "ctranslate2" / "model.bin").write_bytes(data)
        with pytest.raises(InputError, match=words) as caught:
            check_model(broken)
        assert "\n" not in str(caught.value)
        assert "--model" in str(caught.value)


def test_translate_gives_a_line_a_line_and_keeps_what_must_be_kept(model: EmbeddedModel) -> None:
    lines = [
        "Đến nay, cả nước có 5.177 xã đạt chuẩn nông thôn mới, chiếm 52,8%.",
        "Ngày 29/5/2020, ông Trần Thanh Nam phát biểu tại hội nghị.",
        "Hội nghị kết thúc.",
    ]
    found = model.translate(lines, "en")
    assert len(found) == 3
    assert all(t.text.strip() for t in found)
    for number in ("5,177", "52.8"):
        assert number in found[0].text
    assert "May 29, 2020" in found[1].text
    assert "Trần Thanh Nam" in found[1].text
    assert model.translate(["The conference was held in Ha Noi."], "vi")[0].text


def test_infill_answers_each_span_with_different_candidates(model: EmbeddedModel) -> None:
    text = "Show vẫn còn nhiều khó khăn, trong when nguồn lực hạn chế."
    spans = ((0, 4), (text.index("trong when"), text.index("trong when") + 10))
    (answers,) = model.infill([InfillRequest(text, spans, "vi")])
    assert len(answers) == 2
    for candidates in answers:
        assert candidates
        assert len({c.text for c in candidates}) == len(candidates)
        assert all(0 <= c.score <= 1 for c in candidates)
    assert "when" not in answers[1][0].text
    with pytest.raises(ValueError, match="at most 4 spans"):
        model.infill([InfillRequest(text, tuple((i, i + 1) for i in range(5)), "vi")])


def test_rewrite_gives_the_language_it_was_given(model: EmbeddedModel) -> None:
    (candidates,) = model.rewrite(["Hội nghị đánh giá kết quả xây dựng nông thôn mới."], "vi")
    assert candidates[0].text


def test_the_model_runs_without_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['transformers'] = None\n"
        "from vn_repair.propose.embedded import EmbeddedModel\n"
        "print(EmbeddedModel().translate(['Xin chào các bạn.'], 'en')[0].text)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_manifest_is_json_with_an_id() -> None:
    manifest = json.loads((default_model() / "manifest.json").read_text("utf-8"))
    assert manifest["id"]
    assert len(manifest["checksum"]) == 16
