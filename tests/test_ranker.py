"""A ranker of candidates: the likelier one gets more, what it does not know weighs nothing, tables survive a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.relate.ranker import Ranker


def test_chances() -> None:
    chances = Ranker({"near": 2.0, "far": -1.0}).chances([["near", "never seen"], ["far"], []])
    assert sum(chances) == pytest.approx(1)
    assert chances[0] > chances[2] > chances[1]


def test_a_table_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rank.tsv.xz"
    Ranker({"t=项目|near": 1.2345, "u=%|tab\tinside": -0.5}).write(path)
    read = Ranker.read(path)
    assert read.chances([["t=项目|near"], ["u=%|tab\tinside"]]) == pytest.approx([0.8497, 0.1503], abs=1e-3)
    read.write(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
