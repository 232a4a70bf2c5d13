"""Why an input could not be taken."""

from __future__ import annotations

SAVE_AS_TEXT = "save it as plain text 请另存为纯文本（.txt，UTF-8 编码）"


class SourceError(Exception):
    """One input that could not be read: ``path`` as given, ``problem`` with it, and ``advice`` what to do.

    ``str()`` is the sentence for the user. Picklable, so that a worker can hand it back.
    """

    def __init__(self, path: str, problem: str, advice: str) -> None:
        super().__init__(path, problem, advice)
        self.path, self.problem, self.advice = path, problem, advice

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}; {self.advice}"


class SkippedError(SourceError):
    """A file of a folder that nobody named and that is passed over, though it may hold an article."""
