"""Write training/split.toml: which annotated articles are trained on, looked into, or only scored.

The part follows from the SHA-256 of the file's name, so it is the same on any machine and a new article never moves
an old one. Articles that the repository shows as examples are in no part.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from training.data import KINDS, MENDED, WRITTEN

EXAMPLES = (
    "composed-baikeng-2023",
    "composed-gd-lianyang-2025h1",
    "composed-hb-liulinhu-2024",
    "composed-js-siling-2024h1",
    "composed-sc-rongxi-2022",
    "composed-sd-liubo-2024",
    "composed-sn-leiyuan-2022",
    "composed-tj-haihewan-2024h1",
    "composed-wulanhabu-2023",
    "composed-zj-heqiao-2023",
)


# Articles whose errors were read before they had a part.
READ = (
    *(f"written-{kind}-0{number}" for kind in ("prof", "bur", "rep") for number in (1, 2)),
    *(f"written-half-{number:02d}" for number in range(1, 15)),
    *(f"written-works-{number:02d}" for number in range(1, 11)),
    "corpus-l0008",
    "corpus-l0203",
    "corpus-l0222",
    "corpus-l0269",
    "corpus-l0356",
    "corpus-l0367",
    "corpus-l0450",
    "corpus-l0459",
    "corpus-l0662",
    "corpus-l0718",
    "corpus-l0733",
    "corpus-l0888",
    "corpus-l0947",
    "corpus-l0960",
    "corpus-l0983",
    "corpus-l0994",
    "corpus-l1003",
    "corpus-l1045",
    "corpus-l1048",
    "corpus-l1063",
    "corpus-l1066",
    "corpus-l1067",
    "corpus-l1086",
    "corpus-l1094",
    "corpus-l1146",
    "corpus-l1147",
    "corpus-l1174",
    "corpus-l1198",
    "corpus-l1294",
    "corpus-l1321",
    "corpus-l1371",
    "corpus-l1384",
    "corpus-p00306",
    "corpus-p00372",
    "corpus-p00465",
    "corpus-p00571",
    "corpus-p00685",
    "corpus-p00850",
    "corpus-p01170",
    "corpus-p01364",
    "corpus-p02027",
    "corpus-p02270",
    "corpus-p02786",
    "corpus-p02861",
    "corpus-p02878",
    "corpus-p03290",
    "corpus-p03343",
    "corpus-p03450",
    "corpus-p03814",
    "corpus-p03922",
    "corpus-p04228",
    "corpus-p04267",
    "corpus-p04286",
    "corpus-p04355",
    "corpus-p04410",
    "corpus-p04510",
    "corpus-p04707",
    "corpus-p04996",
    "corpus-p05480",
    "corpus-p05575",
    "corpus-p06016",
    "corpus-p06043",
    "corpus-p06687",
    "corpus-p06968",
    "corpus-p07034",
    "corpus-p07232",
    "corpus-p07356",
    "corpus-p07715",
    "corpus-p07999",
    "written-desk-02",
    "written-desk-10",
    "written-farm-02",
    "written-farm-04",
    "written-farm-06",
    "written-firm-06",
    "written-glance-05",
    "written-glance-11",
    "written-glance-12",
    "written-glance-32",
    "written-glance-48",
    "written-glance-49",
    "written-item-02",
    "written-life-09",
    "written-listing-02",
    "written-listing-06",
    "written-listing-07",
    "written-listing-15",
    "written-past-03",
    "written-port-011",
    "written-port-023",
    "written-port-027",
    "written-portrait-21",
    "written-posts-08",
    "written-posts-15",
    "written-prose-03",
    "written-story-04",
    "written-story-17",
    "written-story-19",
    "written-story-23",
    "written-tally-01",
    "written-tally-15",
    "written-walk-06",
    "written-walk-07",
    "written-year-004",
    "written-year-008",
)

# Newspaper articles annotated without a draft: whatever their hash, nothing learns from them.
ONLY_SCORED = frozenset(Path(__file__).with_name("only_scored.txt").read_text(encoding="utf-8").split())


def part_of(name: str) -> str:
    """``train`` (70 %; 80 % of ours), ``working`` or ``scored`` (half of the rest each), by the hash."""
    if name in EXAMPLES:
        return "examples"
    if name in ONLY_SCORED:
        return "scored"
    bucket = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100
    first, second = (80, 90) if name.startswith(("written", "corpus")) else (70, 85)
    return "train" if bucket < first or name in READ else "working" if bucket < second else "scored"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of annotated articles (NAME.yaml beside NAME.txt)")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("split.toml"))
    options = parser.parse_args()
    names = sorted({path.stem for folder in (options.folder, MENDED, WRITTEN) for path in folder.glob("*.yaml")})
    lines = ["# By training/make_split.py; never look into the errors of the scored part."]
    for kind in KINDS:
        lines.append(f"\n[{kind}]")
        for part in ("train", "working", "scored", "examples"):
            chosen = [name for name in names if name.startswith(kind) and part_of(name) == part]
            if chosen:
                lines.append(f"{part} = [  # {len(chosen)}")
                lines.extend(f'  "{name}",' for name in chosen)
                lines.append("]")
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
