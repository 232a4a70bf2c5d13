"""Queries under limits: each runs in a child process that is stopped when its time is over.

Oxigraph cannot interrupt a query, and one that explodes would take the server's memory with it. A forked child shares
the store's pages, costs some milliseconds, has limits of its own, can open no file or socket where the store is in
memory, and may be killed at any moment. Where there is no fork (Windows), queries run in the server without limits.
"""

from __future__ import annotations

import faulthandler
import json
import os
import select
import signal
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.query import QueryError, base_of_store, index_of, open_store, refuse_loading, refuse_network
from kg.rdf.names import PREFIXES

BUSY_AFTER = 8  # queries at once


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds a query may run, bytes its answer may have, bytes of memory it may take."""

    seconds: float = 30.0
    answer: int = 64 * 1024 * 1024
    memory: int = 2 * 1024 * 1024 * 1024


class Refused(Exception):  # noqa: N818  it is an answer, not a fault
    """A request that is not answered: the HTTP status and one sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that the protocol names, default and named; both empty where it names none."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def options(self) -> dict[str, Any]:
        """Arguments for Oxigraph; a data set of the protocol takes the place of the query's own."""
        if not self.default and not self.named:
            return {}
        return {"default_graph": _graphs(self.default), "named_graphs": _graphs(self.named)}


def _graphs(iris: tuple[str, ...]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise Refused(400, f"the name of a graph is not an IRI: {error}") from None


class _Full(Exception):  # noqa: N818
    """The answer is larger than allowed."""


class _Bounded:
    """A sink that takes so many bytes and no more."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.room = limit

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise _Full
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


#: chooses the form of an answer by the kind of result ("table", "boolean" or "graph"); raises Refused
Choice = Callable[[str], tuple[str, Any]]


@dataclass
class Engine:
    """The store of one folder behind the limits."""

    folder: Path
    limits: Limits = field(default_factory=Limits)
    writable: bool = False

    def __post_init__(self) -> None:
        self.store = open_store(self.folder)
        self.base = base_of_store(self.store)
        self.index = index_of(self.folder)  # an earlier build's may lie there too
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(BUSY_AFTER)

    def query(self, text: str, dataset: Dataset, choose: Choice) -> tuple[str, bytes]:
        """Media type and body of a query's answer. Raises Refused."""
        options = dataset.options()
        try:
            refuse_network(text)
        except QueryError as error:
            raise Refused(400, f"{error}") from None

        def work(store: ox.Store) -> tuple[str, bytes]:
            result = _result(store, text, base_iri=self.base, **options)
            return _written(result, choose, self.limits.answer)

        return self.guarded(work)

    def guarded(self, work: Callable[[ox.Store], tuple[str, bytes]]) -> tuple[str, bytes]:
        """What ``work`` gives, in a child with limits where the system can fork."""
        if not self._places.acquire(timeout=self.limits.seconds):
            raise Refused(503, "too many queries at once; try again in a moment")
        try:
            return self._in_child(work) if hasattr(os, "fork") else work(self.store)
        finally:
            self._places.release()

    def update(self, text: str) -> None:
        """Applies an update to the store in memory (files are never changed). Raises Refused."""
        if not self.writable or self.index:
            raise Refused(403, "this endpoint is read-only; start it with updates allowed to try changes in memory")
        try:
            refuse_network(text)
            refuse_loading(text)
            with self._lock:
                self.store.update(text, prefixes=PREFIXES, base_iri=self.base)
        except QueryError as error:
            raise Refused(400, f"{error}") from None
        except SyntaxError as error:
            raise Refused(400, f"the update is not SPARQL: {error}") from None
        except (ValueError, RuntimeError, OSError) as error:
            raise Refused(400, f"the update cannot be run: {error}") from None

    # --- the child

    def _in_child(self, work: Callable[[ox.Store], tuple[str, bytes]]) -> tuple[str, bytes]:
        child, reading = self._fork(work)
        try:
            data = self._receive(reading)
        finally:
            os.close(reading)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        head, _, body = data.partition(b"\n")
        if not head:
            raise Refused(500, "the query needed more memory than it may take; narrow it or add a LIMIT")
        told = json.loads(head)
        if "status" in told:
            raise Refused(told["status"], told["message"])
        return told["type"], body

    def _fork(self, work: Callable[[ox.Store], tuple[str, bytes]]) -> tuple[int, int]:
        """A child at ``work``, and where to read its answer.

        The pipe is made and our end for writing closed under the lock: another child that inherited it would keep the
        answer from ending until its own is done.
        """
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: the child calls Oxigraph only
            reading, writing = os.pipe()
            try:
                if (child := os.fork()) == 0:
                    self._run(work, writing)
            except OSError as error:
                os.close(reading)
                raise Refused(503, f"the system cannot start a query ({error.strerror}); try again later") from None
            finally:
                os.close(writing)
        return child, reading

    def _receive(self, reading: int) -> bytes:
        """All that the child sends, or Refused when the time is over."""
        until = time.monotonic() + self.limits.seconds
        parts: list[bytes] = []
        while True:
            ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise Refused(503, f"the query took longer than {self.limits.seconds:g} seconds and was stopped")
            part = os.read(reading, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)

    def _run(self, work: Callable[[ox.Store], tuple[str, bytes]], writing: int) -> None:
        """The child's whole life; never returns."""
        try:
            faulthandler.disable()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            store = ox.Store.read_only(str(self.index)) if self.index else self.store
            _confine(self.limits, files=bool(self.index))
            try:
                media_type, body = work(store)
                head: dict[str, Any] = {"type": media_type}
            except Refused as refused:
                head, body = {"status": refused.status, "message": str(refused)}, b""
            except MemoryError:
                raise
            except Exception as error:
                head, body = {"status": 500, "message": f"the answer could not be made: {error}"}, b""
            data = memoryview(json.dumps(head).encode() + b"\n" + body)
            while data:
                data = data[os.write(writing, data) :]
        finally:
            os._exit(0)


def _confine(limits: Limits, *, files: bool) -> None:
    """Bounds this process's memory and processor time; without ``files`` it can open no file and no socket."""
    import resource  # noqa: PLC0415  not on Windows, where this never runs

    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    if pages:
        bound = pages * resource.getpagesize() + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seconds = int(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if not files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _result(store: ox.Store, text: str, **options: Any) -> Any:
    try:
        return store.query(text, prefixes=PREFIXES, **options)
    except SyntaxError as error:
        raise Refused(400, f"the query is not SPARQL: {error}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise Refused(400, f"the query cannot be run: {error}") from None


def _written(result: Any, choose: Choice, limit: int) -> tuple[str, bytes]:
    """A result in the form that ``choose`` wants, up to ``limit`` bytes."""
    kinds = {ox.QuerySolutions: "table", ox.QueryBoolean: "boolean", ox.QueryTriples: "graph"}
    media_type, form = choose(kinds[type(result)])
    sink: Any = _Bounded(limit)
    try:
        if kinds[type(result)] == "graph":
            ox.serialize(result, output=sink, format=form, prefixes=PREFIXES)
        else:
            result.serialize(output=sink, format=form)
    except _Full:
        raise Refused(400, f"the answer is larger than {limit} bytes; add a LIMIT") from None
    except (RuntimeError, OSError) as error:
        raise Refused(400, f"the query cannot be run: {error}") from None
    return media_type, b"".join(sink.parts)
