"""What Ctrl-C does for a while, where its own time would be a bad one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | signal.Handlers | int | None


@contextmanager
def handled_by(handler: Handler) -> Iterator[Handler]:
    """Within it Ctrl-C calls ``handler``; gives what it calls otherwise. Nothing changes outside of the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield None
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield before
    finally:
        signal.signal(signal.SIGINT, before)
