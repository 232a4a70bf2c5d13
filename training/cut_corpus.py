"""Writes the texts of the annotated newspaper articles (mended/corpus-*.yaml) to a folder of annotated articles.

    python -m training.cut_corpus LOCAL.jsonl NEWS.jsonl.xz ARTICLES

``corpus-l0123`` is the row of LOCAL whose id is 0123, ``corpus-p01234`` the row number 1234 of NEWS, counted from 0.
"""

from __future__ import annotations

import argparse
import json
import lzma
from pathlib import Path

from training.data import MENDED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("local", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("articles", type=Path)
    options = parser.parse_args()
    wanted = {path.stem for path in MENDED.glob("corpus-*.yaml")}
    with options.local.open(encoding="utf-8") as file:
        texts = {f"corpus-l{row['id']}": row["text"] for row in map(json.loads, file)}
    with lzma.open(options.news, "rt", encoding="utf-8") as file:
        texts |= {f"corpus-p{number:05d}": json.loads(line)["text"] for number, line in enumerate(file)}
    for name in sorted(wanted):
        (options.articles / f"{name}.txt").write_text(texts[name], encoding="utf-8", newline="")
    print(f"{len(wanted)} texts")


if __name__ == "__main__":
    main()
