"""What several test files share: where the examples are, and gold read once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

settings.register_profile("kg", deadline=None)  # how long an example takes is the machine's business
settings.load_profile("kg")

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of example articles."""
    return EXAMPLES


@pytest.fixture(scope="session")
def gold() -> dict[str, dict[str, Any]]:
    """The annotation of every example, by the article's name."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("*.yaml"))}
