"""Examples packed into a shard come back as they went in, and the trainer's batches hold all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sentencepiece
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_repair.markers import CLOSERS, END_ID, MARKER_IDS, OPENERS, START_ID, mark
from vn_repair.propose.model_files import default_model
from vn_repair.training.pack import TASKS, Example, encode, pack

PAIRS = [
    Example("translate_en", ("<2en>", "Xã đạt chuẩn."), ("The commune met the standards.",)),
    Example("translate_vi", ("<2vi>", "It has", "<s1>", "communes."), ("Có", "<s1>", "xã.")),
    Example("infill", tuple(mark("trong when tỉnh", [(6, 10)], "vi")), ("<s1>", "khi")),
    Example("rewrite", ("<2vi>", "<rw>", "Hội nghị chủ trì."), ("Chủ trì hội nghị.",)),
    Example("denoise", ("<2vi>", "Cả", "<s1>", "</s1>", "có 85 xã."), ("<s1>", "tỉnh")),
]


@pytest.fixture(scope="module")
def processor() -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(
        model_file=str(default_model() / "ctranslate2" / "sentencepiece.model")
    )


def read(path: Path) -> list[tuple[str, list[int], list[int]]]:
    """Task, source and target ids of every example, as `train.Shard` reads them."""
    with np.load(path) as data:
        src, tgt, at, to = (data[k].tolist() for k in ("src", "tgt", "src_off", "tgt_off"))
        return [
            (TASKS[task], src[at[i] : at[i + 1]], tgt[to[i] : to[i + 1]]) for i, task in enumerate(data["task"])
        ]


def written(ids: list[int], processor: sentencepiece.SentencePieceProcessor) -> list[str]:
    """Runs of text and markers behind ids."""
    names = {number: marker for marker, number in MARKER_IDS.items()}
    out: list[str] = []
    run: list[int] = []
    for number in [*ids, -1]:
        if number >= 0 and number not in names:
            run.append(number)
            continue
        out += [processor.decode(run)] if run else []
        out += [names[number]] if number >= 0 else []
        run = []
    return out


def plain(parts: tuple[str, ...]) -> list[str]:
    return [p.strip() for p in parts if p.strip()]


def test_marker_ids_are_those_of_the_vocabulary(processor: sentencepiece.SentencePieceProcessor) -> None:
    assert {m: processor.piece_to_id(m) for m in MARKER_IDS} == MARKER_IDS
    assert (processor.piece_to_id("<s>"), processor.piece_to_id("</s>")) == (START_ID, END_ID)


def test_a_shard_gives_back_what_was_packed(tmp_path: Path, processor: sentencepiece.SentencePieceProcessor) -> None:
    counts = pack(PAIRS, processor, tmp_path / "new" / "shard.npz")
    rows = read(tmp_path / "new" / "shard.npz")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["shard.npz"]
    assert counts == {**dict.fromkeys(TASKS, 1), "tokens": sum(len(s) + len(t) for _, s, t in rows)}
    for example, (task, source, target) in zip(PAIRS, rows, strict=True):
        assert task == example.task
        assert (source[0], source[-1], target[-1]) == (START_ID, END_ID, END_ID)
        assert written(source[1:-1], processor) == plain(example.source)
        assert written(target[:-1], processor) == plain(example.target)


def test_too_long_examples_are_left_out_and_counted(
    tmp_path: Path, processor: sentencepiece.SentencePieceProcessor
) -> None:
    long = Example("rewrite", ("<2vi>", "<rw>", "xã " * 500), ("xã",))
    counts = pack([PAIRS[0], long, PAIRS[2]], processor, tmp_path / "shard.npz")
    assert counts["too long"] == 1
    assert [task for task, _, _ in read(tmp_path / "shard.npz")] == ["translate_en", "infill"]


@given(st.lists(st.one_of(st.sampled_from(OPENERS + CLOSERS), st.text(alphabet="xãđ85,.ấ ă\u1ea1 z", max_size=12))))
@settings(deadline=None)
def test_encoding_keeps_markers_and_words(parts: list[str]) -> None:
    held = sentencepiece.SentencePieceProcessor(model_file=str(default_model() / "ctranslate2" / "sentencepiece.model"))
    ids = encode(parts, held)
    assert [i for i in ids if i in MARKER_IDS.values()] == [MARKER_IDS[p] for p in parts if p in MARKER_IDS]
    assert " ".join(written(ids, held)).split() == " ".join(parts).split()


@pytest.fixture
def shard(tmp_path: Path, processor: sentencepiece.SentencePieceProcessor) -> Path:
    many = [
        Example("rewrite", ("<2vi>", "<rw>", f"{'xã ' * (n % 23)}số {n}."), (f"{'xã ' * (n % 7)}{n}.",))
        for n in range(90)
    ]
    pack(many, processor, tmp_path / "shard.npz")
    return tmp_path / "shard.npz"


def test_the_trainer_reads_what_was_packed(shard: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.training.train import END, PAD, Shard, make_batches
    from vn_repair.training.train import TASKS as TRAINED

    assert (TRAINED, END) == (TASKS, END_ID)
    rows = read(shard)
    held = Shard(shard, 400, np.random.default_rng(1))
    assert sorted(held.draw(len(rows))) == list(range(len(rows)))
    for i, (_, source, target) in enumerate(rows):
        assert [a.tolist() for a in held.pair(i)] == [source, target]
    batches = make_batches([(*held.pair(i), int(held.task[i])) for i in range(len(rows))], 512)
    seen = []
    for source, target, tasks in batches:
        # No pair is wider than its share of 512, but the longest source and target may come from two of them.
        assert len(source) * (source.shape[1] + target.shape[1]) <= 2 * 512
        assert source.shape[1] % 8 == target.shape[1] % 8 == 0
        assert tasks.tolist() == [TASKS.index("rewrite")] * len(source)
        seen += [
            ([int(x) for x in s if x != PAD], [int(x) for x in t if x != PAD])
            for s, t in zip(source, target, strict=True)
        ]
    assert sorted(seen) == sorted((s, t) for _, s, t in rows)


def test_the_trainer_leaves_out_what_is_too_long_and_says_when_nothing_is_left(shard: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.training.train import Shard

    lengths = [max(len(s), len(t)) for _, s, t in read(shard)]
    held = Shard(shard, 12, np.random.default_rng(1))
    assert sorted(set(held.draw(300))) == [i for i, n in enumerate(lengths) if n <= 12]
    with pytest.raises(SystemExit, match="no example of at most 2 tokens"):
        Shard(shard, 2, np.random.default_rng(1))


def test_the_smoothed_loss_has_the_gradient_of_autograd() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.training.train import LinearCrossEntropy

    torch.manual_seed(1)
    gold = torch.tensor([1, 4, 2])
    ours = [torch.randn(3, 5, requires_grad=True), torch.randn(7, 5, requires_grad=True)]
    theirs = [t.detach().clone().requires_grad_() for t in ours]
    nll = LinearCrossEntropy.apply(*ours, gold, 0.1)
    nll.backward()
    logits = theirs[0] @ theirs[1].T
    torch.nn.functional.cross_entropy(logits, gold, reduction="sum", label_smoothing=0.1).backward()
    plain_loss = torch.nn.functional.cross_entropy(logits, gold, reduction="sum")
    assert nll.item() == pytest.approx(plain_loss.item(), rel=1e-5)
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a.grad, b.grad, atol=1e-5)


def test_the_learning_rate_warms_up_holds_and_ends_at_zero() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from vn_repair.training.train import learning_rate

    recipe = {"warmup": 10, "decay_from": 0.5}
    assert [learning_rate(recipe, step, 0.0) for step in (0, 4, 9, 99)] == [0.1, 0.5, 1.0, 1.0]
    assert [learning_rate(recipe, 99, share) for share in (0.5, 0.75, 1.0)] == [1.0, 0.5, 0.0]
