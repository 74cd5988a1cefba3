"""`detect --stats`, and the curve and the table that are made from counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vn_repair.cli import run
from vn_repair.detect.registry import detectors
from vn_repair.evaluate.dials import curve_of, settings_of_dial
from vn_repair.evaluate.references import Document, GoldSpan, Item
from vn_repair.evaluate.score_table import COLUMNS, add_news, count_dev, table, text_of
from vn_repair.evaluate.sensitivity import pages
from vn_repair.pipeline import detect_article
from vn_repair.settings import SENSITIVITIES
from vn_repair.stats import CUTTING, Stats, lines
from vn_repair.stats import table as stats_table
from vn_repair.types import Article, InputError, Label, Severity, Span

TEXT = "Trong when tỉnh có 47.5. % số xã. Xã xã đạt chuẩn.\n"


def test_every_detector_of_the_language_is_counted() -> None:
    stats = Stats()
    articles = [Article("a", TEXT, "vi", "a"), Article("b", "There are 07 communes.", "en", "b")]
    found = [detect_article(article, stats=stats) for article in articles]
    assert found == [detect_article(article) for article in articles]  # counting changes nothing
    assert set(stats.detectors) == {CUTTING, *(d.id for d in detectors())}
    for detector in detectors():
        row = stats.detectors[detector.id]
        assert row.articles == len(detector.languages)
        assert row.bytes == sum(len(a.text.encode()) for a in articles if a.lang in detector.languages)
    assert sum(row.shown for row in stats.detectors.values()) == sum(map(len, found))
    assert sum(row.characters for row in stats.detectors.values()) == sum(s.end - s.start for f in found for s in f)
    assert stats.detectors["number.percent"].severities[Severity.MINOR] == 1
    assert all(row.found >= row.shown for row in stats.detectors.values())
    heads, *rows, total = stats_table(stats)
    assert len(rows) == len(stats.detectors)
    assert {len(row) for row in rows} == {len(heads)}
    assert total[0] == "all"
    assert len({len(line.rstrip()) for line in lines([heads, *rows, total])}) <= 3


def test_the_table_and_the_json_go_to_stderr(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, "utf-8")
    assert run(["detect", "a.txt", "--stats", "--only", "number"]) == 1
    out, err = capsys.readouterr()
    assert "ms/MB" not in out
    assert "number.percent" in err
    assert "spelling" not in err
    assert run(["detect", "a.txt", "--stats", "--json"]) == 1
    out, err = capsys.readouterr()
    assert set(json.loads(out)) == {"id", "text", "lang", "spans"}
    row = json.loads(err.splitlines()[-1])["stats"]["number.percent"]
    assert row["found"] == 1
    assert row["cpu_ms"] >= 0


def item(name: str, text: str, *gold: str) -> Item:
    spans = tuple(GoldSpan(text.index(g), text.index(g) + len(g), Label.SPELLING, Severity.MINOR, "surface", "x")
                  for g in gold)
    return Item(name, "vi", "t", not gold, text, spans, text, None, name, 0)


def spans(text: str, **scores: float) -> list[Span]:
    return [Span(text.index(s), text.index(s) + len(s), Label.SPELLING, Severity.MINOR, score, f"d.{s}", "")
            for s, score in scores.items()]


BAD, CLEAN = item("bad", "mot hai ba bon", "mot", "ba"), item("clean", "nam sau bay")
GATHERED = [(Document("bad", "vi", (BAD,)), spans(BAD.text, mot=0.9, hai=0.3)),
            (Document("clean", "vi", (CLEAN,)), spans(CLEAN.text, sau=0.5))]


def test_the_curve_is_that_of_the_product() -> None:
    rows = {row["threshold"]: row for row in curve_of(settings_of_dial(GATHERED, (0.2, 0.5, 0.8, 1.0)))}
    assert rows[0.2]["precision"] == pytest.approx(3 / 9, abs=1e-5)
    assert rows[0.2]["recall"] == pytest.approx(3 / 5)
    assert rows[0.5]["precision"] == pytest.approx(3 / 6)
    assert rows[0.5]["touched"] == 1.0
    assert rows[0.8] == {"threshold": 0.8, "precision": 1.0, "recall": 0.6, "f1": 0.75, "flagged_per_10k": 0.0,
                         "touched": 0.0}
    assert rows[1.0]["recall"] == 0.0


def test_the_pages_hold_the_named_settings_and_the_plot() -> None:
    from vn_repair.evaluate.references import ReferenceSet

    references = ReferenceSet("dev", Path("dev.jsonl"), "0" * 64, (BAD, CLEAN))
    markdown, page = pages(references, {"rules": settings_of_dial(GATHERED, sorted(SENSITIVITIES.values()))})
    for name in SENSITIVITIES:
        assert f"**{name}" in markdown
    assert "<svg" in page
    assert "<title>vn-repair sensitivity</title>" in page


def test_scores_are_moved_down_by_any_count_and_up_by_news_alone(tmp_path: Path) -> None:
    text = "a b c d e f g h i j k l"
    many = item("many", text, *text.split())
    found = [Span(at, at + 1, Label.SPELLING, Severity.MINOR, 0.5, name, "")
             for at in range(0, len(text), 2) for name in ("only.dev", "read.too")]
    wrong = [Span(at, at + 1, Label.SPELLING, Severity.MINOR, 0.9, "bad.rule", "") for at in range(0, 11, 2)]
    counts = count_dev([(Document("many", "vi", (many,)), found), (Document("clean", "vi", (CLEAN,)), wrong)])
    news = tmp_path / "news.tsv"
    news.write_text("detector\tread\tright\nread.too\t9\t9\n", "utf-8")
    add_news(counts, news)
    rows = {row["detector"]: row for row in table(counts, {})}
    assert rows["only.dev"]["odds_factor"] == "1"
    assert float(rows["read.too"]["odds_factor"]) > 1
    assert float(rows["bad.rule"]["odds_factor"]) < 1
    assert text_of(rows.values()).startswith("\t".join(COLUMNS) + "\n")
    news.write_text("detector\tread\tright\nread.too 9 9\n", "utf-8")
    with pytest.raises(InputError, match=r"news\.tsv:2"):
        add_news(counts, news)
