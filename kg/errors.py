"""Errors that are for the user."""

from __future__ import annotations


class UserError(Exception):
    """Something that the user can mend; ``str()`` is one sentence that says what, where and what to do."""
