"""How fast a folder of articles is built, beside jieba's own tagger on the same text, in one run.

    python benchmarks/throughput.py                      # the examples, twenty times over
    python benchmarks/throughput.py --folder DIR         # .txt and .md files
    python benchmarks/throughput.py --jsonl FILE         # one article a line: {"id", "text"}; written out first

Prints characters a second and peak memory of `kg build`, and of jieba.posseg.cut alone, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAGGING = """
import sys
from pathlib import Path
import jieba.posseg
for path in sorted(Path(sys.argv[1]).rglob("*.txt"))[:: int(sys.argv[2])]:
    for _ in jieba.posseg.cut(path.read_text(encoding="utf-8")):
        pass
"""


def write_out(arguments: argparse.Namespace, folder: Path) -> Path:
    """The folder of articles to build."""
    if arguments.folder:
        return Path(arguments.folder)
    if arguments.jsonl:
        with Path(arguments.jsonl).open(encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                (folder / f"{article['id']}.txt").write_text(article["text"], encoding="utf-8")
        return folder
    for path in sorted((ROOT / "examples").glob("*.txt")):
        for copy in range(20):  # a number at the end keeps them different articles
            (folder / f"{path.stem}-{copy}.txt").write_text(
                f"{path.read_text(encoding='utf-8')}\n{copy}", encoding="utf-8"
            )
    return folder


def measure(command: list[str]) -> tuple[float, float]:
    """Wall-clock seconds and peak memory (MB) of a process and its children."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}; run it by hand to see why")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder")
    parser.add_argument("--jsonl")
    parser.add_argument("--workers", default="1")
    parser.add_argument("--step", type=int, default=10, help="jieba reads every STEP-th article (it is slow)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        source, out = Path(scratch) / "articles", Path(scratch) / "out"
        source.mkdir()
        folder = write_out(arguments, source)
        sizes = [len(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.txt"))]
        kg = [sys.executable, "-c", "import sys; from kg.cli import main; sys.exit(main())", "build", str(folder)]
        seconds, memory = measure([*kg, "-o", str(out), "--quiet", "--workers", arguments.workers])
        extract_seconds, extract_memory = measure(
            [*kg, "-o", str(out), "--quiet", "--workers", "1", "--formats", "json"]
        )
        jieba_seconds, jieba_memory = measure([sys.executable, "-c", TAGGING, str(folder), str(arguments.step)])
    rate, extract_rate = sum(sizes) / seconds, sum(sizes) / extract_seconds
    jieba_rate = sum(sizes[:: arguments.step]) / jieba_seconds
    print(f"{len(sizes)} articles, {sum(sizes):,} characters")
    print(f"kg build, all files, {arguments.workers} worker(s)   {rate:>10,.0f} characters/s   {memory:6.0f} MB peak")
    print(f"kg build, graph.json only, 1 worker  {extract_rate:>10,.0f} characters/s   {extract_memory:6.0f} MB peak")
    print(f"jieba.posseg.cut alone               {jieba_rate:>10,.0f} characters/s   {jieba_memory:6.0f} MB peak")
    print(f"ratio                                {rate / jieba_rate:>10.2f}, {extract_rate / jieba_rate:.2f}")


if __name__ == "__main__":
    main()
