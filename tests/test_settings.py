"""Settings: where they are found, what is refused, what they do to detection."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from vn_repair.cli import run
from vn_repair.detect.registry import detectors
from vn_repair.ignore import Ignore
from vn_repair.pipeline import Repairer, detect_article, gather_spans, select_spans
from vn_repair.segment import segment
from vn_repair.settings import SENSITIVITIES, Settings, changed, find_config, load_settings, parse_sensitivity
from vn_repair.span_scores import calibrated, moved, odds_factors
from vn_repair.types import Article, InputError, Label, Severity, Span

TEXT = "Trong when tỉnh có 07 xã , đạt 47.5. % kế hoạch.Do đó and the, huyện còn khó khăn.\n"


def article(text: str = TEXT) -> Article:
    return Article("a", text, "vi", "a.txt")


def write(folder: Path, text: str, name: str = ".vn-repair.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_file_counts_and_a_project_without_a_table_does_not(tmp_path: Path) -> None:
    deep = tmp_path / "news" / "2024"
    top = write(tmp_path, 'sensitivity = "strict"')
    write(tmp_path / "news", "[tool.other]\nx = 1\n", "pyproject.toml")
    deep.mkdir()
    assert find_config(deep) == top
    near = write(tmp_path / "news", '[tool.vn-repair]\nsensitivity = "picky"\n', "pyproject.toml")
    assert find_config(deep) == near
    own = write(tmp_path / "news", "sensitivity = 0.7")
    assert find_config(deep) == own
    assert load_settings(start=deep).threshold == 0.7
    assert load_settings(start=deep).source == str(own)


def test_a_file_without_settings_above_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vn_repair.settings.find_config", lambda start: None)
    assert load_settings(start=tmp_path) == Settings()
    assert load_settings(write(tmp_path, "")).threshold == SENSITIVITIES["balanced"]


def test_all_keys(tmp_path: Path) -> None:
    write(tmp_path, "# names\nGreen Farm\n/OCOP \\d-star/\n\n", "names.txt")
    path = write(tmp_path, """
sensitivity = "picky"
min_confidence = 0.8
off = ["number", "punctuation.spacing"]
on = ["number.scale"]
only = []
[ignore]
words = ["Saemaul Undong"]
regexes = ['homestay\\s\\w+']
files = ["names.txt"]
""")
    settings = load_settings(path)
    assert settings.threshold == SENSITIVITIES["picky"]
    assert settings.sensitivity == "picky"
    assert settings.min_confidence == 0.8
    assert settings.ignore == Ignore(("Saemaul Undong", "Green Farm"), (r"homestay\s\w+", r"OCOP \d-star"))
    assert settings.runs("number.scale")
    assert not settings.runs("number.percent")
    assert not settings.runs("punctuation.spacing")
    assert settings.runs("punctuation.missing_space")
    assert Repairer(rules_only=True, settings=settings).min_confidence == 0.8
    assert Repairer(rules_only=True, settings=settings, min_confidence=0.1).min_confidence == 0.1


@pytest.mark.parametrize(("text", "message"), [
    ("sensitivty = 1", "unknown key sensitivty; did you mean sensitivity?"),
    ("colour = 1", "unknown key colour; the keys are sensitivity, min_confidence, off, on, only, ignore"),
    ("[ignore]\nword = ['a']", "unknown key ignore.word; did you mean ignore.words?"),
    ("sensitivity = 'high'", "sensitivity: 'high' will not do; give strict, balanced, picky or a number from 0 to 1"),
    ("sensitivity = 1.5", "sensitivity: 1.5 will not do"),
    ("sensitivity = true", "sensitivity: True will not do"),
    ("min_confidence = [1]", "min_confidence: [1] will not do; give a number from 0 to 1"),
    ("off = 'number.scale'", "off: is no list of texts"),
    ("off = ['number.scael']", "off number.scael: no such detector; did you mean number.scale"),
    ("ignore = ['a']", "ignore is no table"),
    ("[ignore]\nregexes = ['(']", "ignore.regexes: /(/ is no regular expression"),
    ("[ignore]\nfiles = ['none.txt']", "none.txt: cannot be read"),
    ("off = [", "is not TOML"),
])
def test_what_is_wrong_is_one_line_that_names_file_and_key(text: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as error:
        load_settings(path)
    assert str(error.value).startswith(str(tmp_path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_named_project_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no table \[tool.vn-repair\]"):
        load_settings(write(tmp_path, "[project]\nname = 'x'\n", "pyproject.toml"))
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        load_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(("before", "options", "on", "off"), [
    (Settings(off=("number.scale",)), {"on": ["number.scale"]}, ["number.scale"], []),
    (Settings(off=("number",)), {"on": ["number.scale"]}, ["number.scale"], ["number.percent"]),
    (Settings(on=("number.scale",), off=("number",)), {"off": ["number"]}, [], ["number.scale", "number.percent"]),
    (Settings(off=("number",)), {"only": ["number.scale"]}, ["number.scale"], ["number.percent", "spun_synonym"]),
    (Settings(only=("number",)), {"off": ["number.scale"]}, ["number.percent"], ["number.scale", "mojibake.decoding"]),
    (Settings(), {"off": ["untranslated"]}, ["number.scale"], ["untranslated.foreign_run", "untranslated.leaked_word"]),
    (Settings(), {"off": ["fluency"]}, [], ["fluency.tagger"]),
])
def test_options_go_before_the_file(before: Settings, options: dict[str, list[str]], on: list[str],
                                    off: list[str]) -> None:
    after = changed(before, **options)  # type: ignore[arg-type]
    assert all(after.runs(name) for name in on)
    assert not any(after.runs(name) for name in off)


def test_a_sensitivity_is_a_name_or_a_number() -> None:
    assert parse_sensitivity("0.35", "x") == 0.35
    assert [parse_sensitivity(name, "x") for name in ("strict", "balanced", "picky")] == sorted(
        SENSITIVITIES.values(), reverse=True)
    assert Settings(threshold=0.35).sensitivity == "0.35"


def covered(spans: list[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


@cache
def gathered() -> list[Span]:
    return gather_spans(article(), segment(article()), Settings())


@given(st.floats(0, 1), st.floats(0, 1))
@limits(max_examples=30, deadline=None)
def test_a_stricter_setting_never_marks_more_spans_of_the_gathered(one: float, two: float) -> None:
    low, high = sorted((one, two))
    loose, strict = (select_spans(TEXT, gathered(), Settings(threshold=t)) for t in (low, high))
    assert covered(strict) <= covered(loose)
    assert all(span.score >= high for span in strict)


def test_a_weak_block_does_not_hide_a_strong_span() -> None:
    text = "Trong when tỉnh"
    block = Span(0, 15, Label.BOILERPLATE, Severity.MINOR, 0.4, "x", "")
    word = Span(6, 10, Label.UNTRANSLATED, Severity.MAJOR, 0.9, "y", "")
    assert select_spans(text, [block, word], Settings()) == [word]
    assert select_spans(text, [block, word], Settings(threshold=0.1)) == [block]


def test_a_model_detector_goes_through_the_same_dial_and_lists() -> None:
    asked = []

    def fluency(article: Article, segments: object, known: object) -> list[Span]:
        asked.append(article.id)
        at = article.text.index("khó khăn")
        return [Span(at, at + 8, Label.MISTRANSLATION, Severity.MAJOR, 0.55, "fluency.tagger", "unlikely here")]

    def found(settings: Settings, **options: bool) -> bool:
        return any(s.detector == "fluency.tagger"
                   for s in detect_article(article(), settings=settings, fluency=fluency, **options))

    assert found(Settings())
    assert not found(Settings(threshold=0.6))
    assert not found(Settings(ignore=Ignore(("khó khăn",))))
    assert len(asked) == 3
    assert not found(Settings(off=("fluency",)))
    assert not found(Settings(), rules_only=True)
    assert len(asked) == 3  # it is not even asked


def test_scores_are_moved_in_order_and_only_where_the_table_says() -> None:
    assert moved(0.9, 1.0) == pytest.approx(0.9)
    assert moved(0.2, 3.0) < moved(0.5, 3.0) < moved(0.95, 3.0) <= 1
    assert odds_factors()
    known = {d.id for d in detectors()}
    assert set(odds_factors()) <= known
    plain = Span(0, 1, Label.SPELLING, Severity.MINOR, 0.5, "no.such", "")
    assert calibrated(plain) is plain
    name, factor = next(iter(odds_factors().items()))
    assert calibrated(Span(0, 1, Label.SPELLING, Severity.MINOR, 0.5, name, "")).score == moved(0.5, factor)


def test_detect_takes_the_file_of_the_folder_and_options_over_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, "utf-8")

    def printed(*options: str) -> str:
        run(["detect", "a.txt", "--rules-only", *options])
        return capsys.readouterr().out

    everything = printed()
    assert "[number.percent]" in everything
    assert "[punctuation" in everything
    write(tmp_path, 'off = ["number"]\n[ignore]\nwords = ["when"]\n')
    assert "[number" not in printed()
    assert '"when"' not in printed()
    assert "[number.percent]" in printed("--on", "number.percent")
    assert printed("--config", "/dev/null") == everything
    assert {line.rsplit("[", 1)[1] for line in printed("--only", "number").splitlines()} == {
        line.rsplit("[", 1)[1] for line in everything.splitlines() if "[number." in line}
    assert len(printed("--sensitivity", "0.99").splitlines()) < len(printed("--sensitivity", "picky").splitlines())
    assert "and the" not in printed("--ignore", "/and the/")
    Path("own.txt").write_text("and the\n", "utf-8")
    assert "and the" not in printed("--ignore-file", "own.txt")
    write(tmp_path, "of = []")
    assert run(["detect", "a.txt"]) == 2
    assert ".vn-repair.toml: unknown key of; did you mean off?" in capsys.readouterr().err
