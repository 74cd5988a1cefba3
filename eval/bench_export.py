"""Articles a second and memory of `vn-repair export` on repair records, for growing inputs.

    python eval/bench_export.py [N ...] [--lines 13]      (default: 1000 4000)

Makes N records of 13 lines (about 3,000 characters) from a list of words, of which one in twenty nearly repeats
another, with two spans and edits a line, exports them in a process of its own with a test set to check against, and
prints a line a stage: processor time, which other work on the machine does not change, and the most memory held so far.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

WORDS = ("huyện xã tỉnh thôn người dân hợp tác sản xuất nông thôn mới tiêu chí giao thông thủy lợi trường học văn hóa "
         "môi trường nhà ở y tế thu nhập hộ nghèo vốn ngân sách doanh nghiệp đường điện nước chợ cán bộ "
         "hội nghị kế hoạch").split()
SENTENCES = 4


def text_of(number: int, lines: int) -> str:
    """An article; one in twenty repeats the one before it but for a line or two at its end."""
    draw = random.Random(number - (number % 20 == 19))
    out = []
    for line in range(lines):
        if number % 20 == 19 and line == lines - max(1, lines // 6):
            draw = random.Random(number)
        sentences = [" ".join(draw.choices(WORDS, k=10)).capitalize() for _ in range(SENTENCES)]
        out.append(". ".join(sentences[:2]) + ". And the " + ". And the ".join(sentences[2:]) + ".")
    return "\n".join(out) + "\n"


def write_records(path: Path, count: int, lines: int) -> None:
    """`count` repair records, an edit for every `And the`."""
    from vn_repair.types import Article, Edit, Label, Repair, Severity, Span, Status, apply_edits
    from vn_repair.write.record import full_record, line

    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            text = text_of(number, lines)
            places = [i for i in range(len(text)) if text.startswith("And the ", i)]
            spans = tuple(Span(i, i + 7, Label.UNTRANSLATED, Severity.MAJOR, 0.9, "bench", "English words", "")
                          for i in places)
            edits = tuple(Edit(i, i + 8, "", "rule:bench", 0.9, Status.ACCEPTED, ("kept numbers",)) for i in places)
            vi = apply_edits(text, edits)
            repair = Repair(Article(f"a{number}", text, "vi", "bench"), spans, edits, vi, vi.upper())
            file.write(line(full_record(repair, {"version": "bench"})))


def export(records: str, output: str, against: str) -> None:
    """The export, in this process; prints its stages as JSON."""
    from vn_repair.export.collect import Input
    from vn_repair.export.dataset import Terminal, export_dataset
    from vn_repair.export.options import ExportOptions

    stages: list[tuple[str, float, int]] = []

    def at(done: int, of: int, what: str) -> None:
        stage = what if what in ("near-duplicates", "writing") else "reading"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if stages and stages[-1][0] == stage:
            stages.pop()
        stages.append((stage, time.process_time(), peak))

    report = export_dataset(Input([records]), ExportOptions(check_against=(against,)), Path(output),
                            terminal=Terminal(at=at))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    stages.append(("finishing", time.process_time(), peak))
    print(json.dumps({"stages": stages, "near_duplicates": report.manifest["near_duplicates"]}))


def main(counts: list[int], lines: int) -> None:
    """Run and print."""
    against = str(Path(__file__).parent / "references" / "test.jsonl")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            records, output = Path(folder) / "records.jsonl", Path(folder) / "out"
            write_records(records, count, lines)
            done = subprocess.run([sys.executable, __file__, "--export", str(records), str(output), against],
                                  capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
            print(f"{count:,} articles, {records.stat().st_size / 1e6:.0f} MB of records -> {size / 1e6:.1f} MB; "
                  f"{found['near_duplicates']} near-duplicates of {count // 20}")
            before = 0.0
            for stage, seconds, peak in found["stages"]:
                print(f"  {stage:16} {seconds - before:7.1f} s processor time, {peak} MB at most")
                before = seconds
            print(f"  {'all':16} {before:7.1f} s, {count / before:.0f} articles a second", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--export"]:
        export(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
        parser.add_argument("counts", type=int, nargs="*", default=[1000, 4000], metavar="N")
        parser.add_argument("--lines", type=int, default=13, help="of an article")
        given = parser.parse_args()
        main(given.counts, given.lines)
