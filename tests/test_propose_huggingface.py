"""Checkpoints of any family are recognised and asked their way; our own gives what the embedded model gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from vn_repair.propose.conventions import CONVENTIONS, OWN, find_convention, fixed_target
from vn_repair.propose.embedded import EmbeddedModel
from vn_repair.propose.model_files import default_model
from vn_repair.propose.request import Candidate, InfillRequest
from vn_repair.types import InputError


@pytest.mark.parametrize(
    ("name", "model_type", "expected"),
    [
        ("VietAI/envit5-translation", "t5", "envit5"),
        ("vinai/vinai-translate-vi2en-v2", "mbart", "vinai-translate"),
        ("vinai/bartpho-syllable-base", "mbart", "bartpho"),
        ("facebook/nllb-200-distilled-600M", "m2m_100", "nllb"),
        ("alirezamsh/small100", "m2m_100", "small100"),
        ("facebook/m2m100_418M", "m2m_100", "m2m100"),
        ("facebook/mbart-large-50-many-to-many-mmt", "mbart", "mbart-50"),
        ("Helsinki-NLP/opus-mt-en-vi", "marian", "opus-mt"),
        ("google/mt5-small", "mt5", "t5"),
        ("facebook/bart-base", "bart", None),
        ("nobody/anything", "whisper", None),
    ],
)
def test_checkpoints_are_recognised(name: str, model_type: str, expected: str | None) -> None:
    found = find_convention(name, model_type)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("name", "source", "target", "expected"),
    [
        ("opus-mt-vi-en", "", "", "en"),
        ("opus-mt-en-vi", "", "", "vi"),
        ("vinai-translate-en2vi-v2", "", "", "vi"),
        ("opus-mt-tc-big-vie-eng", "", "", "en"),
        ("my-folder", "eng", "vie", "vi"),
        ("my-folder", "vi", "en", "en"),
        ("my-folder", "", "", None),
        ("opus-mt-de-fr", "de", "fr", None),
    ],
)
def test_the_direction_of_a_checkpoint(name: str, source: str, target: str, expected: str | None) -> None:
    assert fixed_target(name, source, target) == expected


def test_rows_have_ids_of_their_own_and_complete_codes() -> None:
    assert len({c.id for c in CONVENTIONS}) == len(CONVENTIONS)
    for row in CONVENTIONS:
        assert bool(row.codes) == bool(row.target_code), row.id
        for table in (row.codes, row.prefix, row.strip):
            assert not table or set(table) == {"vi", "en"}, row.id


def test_missing_torch_is_one_clear_line() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from vn_repair.propose.huggingface import HuggingFaceProposer\n"
        "HuggingFaceProposer('anything')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.strip().rpartition("\n")[2]
    assert last == ("vn_repair.types.InputError: hf: torch is not installed; run `pip install vn-repair[transformers]`")


class FakeTokenizer:
    """Words are ids; language codes are in the vocabulary as the family has them."""

    unk_token_id = 3
    source_lang = target_lang = None

    def __init__(self, *known: str) -> None:
        self.vocabulary = {token: 100 + i for i, token in enumerate(known)}
        self.src_lang = ""
        self.asked: list[str] = []

    def get_vocab(self) -> dict[str, int]:
        return self.vocabulary

    def convert_tokens_to_ids(self, token: str) -> int:
        return self.vocabulary.get(token, self.unk_token_id)

    def __call__(self, texts: list[str], **_: Any) -> dict[str, Any]:
        self.asked += texts
        return {"input_ids": SimpleNamespace(shape=(len(texts), 5)), "attention_mask": None}

    def decode(self, row: list[int], skip_special_tokens: bool) -> str:
        return {1: " en: The  commune. ", 2: "Xã."}[row[0]]


CODED = {
    "nllb-200": ("m2m_100", ("vie_Latn", "eng_Latn"), "vie_Latn", {"forced_bos_token_id": 101}),
    "m2m100_418M": ("m2m_100", ("__vi__", "__en__"), "vi", {"forced_bos_token_id": 101}),
    "small100": ("m2m_100", ("__vi__", "__en__"), "en", {}),
    "mbart-large-50": ("mbart", ("vi_VN", "en_XX"), "vi_VN", {"forced_bos_token_id": 101}),
    "vinai-translate-vi2en": ("mbart", ("vi_VN", "en_XX"), "vi_VN", {"decoder_start_token_id": 101}),
}


def faked(name: str, model_type: str, *known: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[dict[str, Any]]]:
    from vn_repair.propose import huggingface

    monkeypatch.setattr(huggingface, "import_backend", lambda: (None, SimpleNamespace(__version__="0")))
    proposer = huggingface.HuggingFaceProposer(name)
    generated: list[dict[str, Any]] = []

    def generate(inputs: Any, beam: int, count: int, longest: int, **more: Any) -> list[list[tuple[list[int], float]]]:
        generated.append(more)
        return [[([1], -0.5)][:count] for _ in range(inputs["input_ids"].shape[0])]

    fake = SimpleNamespace(
        name=name,
        device="cpu",
        tokenizer=FakeTokenizer(*known),
        config=SimpleNamespace(model_type=model_type),
        generate=generate,
    )
    proposer.checkpoint = fake
    return proposer, generated


@pytest.mark.parametrize("name", CODED)
def test_language_codes_go_where_the_family_wants_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model_type, known, source, more = CODED[name]
    proposer, generated = faked(name, model_type, *known, monkeypatch=monkeypatch)
    (found,) = proposer.translate(["Có 85 xã."], "en")
    assert (found.text, found.lost) == ("en: The commune.", ("85",))
    assert 0 < found.score < 1
    assert generated == [more]
    assert proposer.checkpoint.tokenizer.src_lang == source
    assert proposer.checkpoint.tokenizer.asked == ["Có 85 xã."]


@pytest.mark.parametrize(
    ("name", "model_type", "known", "to", "asked", "text"),
    [
        ("envit5-translation", "t5", (), "en", "vi: Một xã.", "The commune."),
        ("opus-mt-en-vi", "marian", (">>vie<<",), "vi", ">>vie<< Một xã.", "en: The commune."),
        ("opus-mt-en-vi", "marian", (), "vi", "Một xã.", "en: The commune."),
        ("t5-base", "t5", (), "vi", "translate English to Vietnamese: Một xã.", "en: The commune."),
    ],
)
def test_prefixes_go_on_and_come_off(
    name: str, model_type: str, known: tuple[str, ...], to: str, asked: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposer, _ = faked(name, model_type, *known, monkeypatch=monkeypatch)
    assert proposer.translate(["Một  xã."], to)[0].text == text
    assert proposer.checkpoint.tokenizer.asked == [asked]


def test_what_a_checkpoint_cannot_do_is_said_and_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    request = InfillRequest("Một xã the.", ((7, 10),), "vi")
    proposer, generated = faked("vinai-translate-vi2en", "mbart", "vi_VN", "en_XX", monkeypatch=monkeypatch)
    assert proposer.info()["tasks"] == ["translate_en"]
    assert proposer.infill([request]) == [[[]]]
    assert proposer.rewrite(["Một xã."], "vi") == [[]]
    with pytest.raises(InputError, match="does not translate to vi"):
        proposer.translate(["A commune."], "vi")
    assert generated == []
    bartpho, _ = faked("bartpho-syllable", "mbart", monkeypatch=monkeypatch)
    assert bartpho.rewrite(["Một xã."], "vi") == [[Candidate("en: The commune.", pytest.approx(0.607, abs=1e-3))]]
    assert bartpho.rewrite(["A commune."], "en") == [[]]
    for name, kind, problem in (("some-opus", "marian", "which way"), ("x", "whisper", "no convention for a whisper"),
                                ("nllb", "m2m_100", "vocabulary has no eng_Latn")):  # fmt: skip
        other, _ = faked(name, kind, monkeypatch=monkeypatch)
        with pytest.raises(InputError, match=problem):
            other.translate(["Một xã."], "en")


def test_unknown_names_are_input_errors(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.propose.huggingface import HuggingFaceProposer

    with pytest.raises(InputError, match="no convention nothing; there are vn-repair, envit5"):
        HuggingFaceProposer(tmp_path, convention="nothing")
    for name, remedy in (
        (str(tmp_path), "give the folder of a seq2seq checkpoint"),
        ("nobody/no-such-model", "hf download nobody/no-such-model"),
    ):
        with pytest.raises(InputError, match=remedy) as caught:
            HuggingFaceProposer(name).info()
        assert "\n" not in str(caught.value)


SENTENCES = (
    "Hội nghị tổng kết chương trình mục tiêu quốc gia xây dựng nông thôn mới.",
    "Đến nay, toàn tỉnh có 85 xã đạt chuẩn nông thôn mới.",
    "Ngày 29/5/2020, ông Trần Thanh Nam phát biểu tại hội nghị.",
)


@pytest.fixture(scope="module")
def both() -> tuple[EmbeddedModel, Any]:
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.propose.huggingface import HuggingFaceProposer

    torch.set_num_threads(1)
    return EmbeddedModel(threads=1), HuggingFaceProposer(default_model() / "transformers")


def test_our_own_checkpoint_says_what_it_is(both: tuple[EmbeddedModel, Any]) -> None:
    assert both[1].convention is OWN
    assert both[1].info()["tasks"] == ["translate_en", "translate_vi", "rewrite", "infill"]


@pytest.mark.parametrize("beam", [1, 4])
def test_our_own_checkpoint_agrees_with_its_int8_form(both: tuple[EmbeddedModel, Any], beam: int) -> None:
    int8, float32 = (model.translate(SENTENCES, "en", beam=beam) for model in both)
    assert sum(a.text == b.text for a, b in zip(int8, float32, strict=True)) >= 2
    for a, b in zip(int8, float32, strict=True):
        assert a.lost == b.lost
        if a.text == b.text:
            assert a.score == pytest.approx(b.score, abs=0.05)


def test_our_own_checkpoint_infills_and_rewrites(both: tuple[EmbeddedModel, Any]) -> None:
    text = "Đến nay, trong when tỉnh có 85 xã đạt chuẩn nông thôn mới."
    requests = [InfillRequest(text, ((9, 19),), "vi"), InfillRequest(text, ((9, 14), (20, 24)), "vi")]
    int8, float32 = (model.infill(requests) for model in both)
    assert [len(r) for r in float32] == [1, 2]
    assert float32[0][0][0].text == int8[0][0][0].text
    assert int8[0][0][0].score == pytest.approx(both[0].chance(float32[0][0][0].score), abs=0.05)
    assert both[1].rewrite(SENTENCES[:1], "vi")[0][0].text == both[0].rewrite(SENTENCES[:1], "vi")[0][0].text


def test_a_text_too_long_for_the_model_is_translated_to_its_end(both: tuple[EmbeddedModel, Any]) -> None:
    long = " ".join(f"Xã thứ {n} đạt chuẩn nông thôn mới." for n in range(10, 60))
    assert not both[0].fits(long)
    found = both[0].translate([long], "en", beam=1)[0]
    # What a weak model leaves out it has lost by name, to the last part's last number.
    assert all(str(n) in found.text.split() or str(n) in found.lost for n in range(10, 60))
    assert both[0].rewrite([long], "vi") == [[]]
    at = long.index("thứ 35")
    assert both[0].infill([InfillRequest(long, ((at, at + 6),), "vi")])[0][0]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny T5 that was never trained, with a vocabulary of words, in a folder whose name says envit5."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["<pad>", "</s>", "<unk>", "vi", "en", ":", "xã", "đạt", "chuẩn", "commune", "met", "the"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    folder = tmp_path_factory.mktemp("models") / "envit5-tiny"
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.T5Config(
        vocab_size=len(words), d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2, decoder_start_token_id=0
    )
    transformers.T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("beam", [1, 3])
def test_a_checkpoint_of_another_family_runs_from_end_to_end(tiny: Path, beam: int) -> None:
    from vn_repair.propose.huggingface import HuggingFaceProposer

    proposer = HuggingFaceProposer(tiny)
    assert proposer.info()["convention"] == "envit5"
    texts = ["xã đạt chuẩn", "xã", "đạt chuẩn xã 85"]
    found = proposer.translate(texts, "en", beam=beam)
    assert len(found) == 3
    assert all(0 < t.score <= 1 for t in found)
    assert found[2].lost == ("85",)
    alone = [proposer.translate([text], "en", beam=beam)[0] for text in texts]
    # A batch bounds the output by its longest source, so only the beginnings must agree.
    for a, b in zip(alone, found, strict=True):
        assert b.text.startswith(a.text) or a.text.startswith(b.text)


def test_a_device_that_is_not_there_is_one_clear_line(tiny: Path) -> None:
    import torch

    from vn_repair.propose.huggingface import HuggingFaceProposer

    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(InputError, match=r"no device cuda here .*; use device cpu"):
        HuggingFaceProposer(tiny, device="cuda").translate(["xã"], "en")
