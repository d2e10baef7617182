"""Worker processes, and the loop that feeds them, watches them and replaces them.

Not `multiprocessing.Pool`, which hangs when a worker dies, nor `ProcessPoolExecutor`, which gives
up. Here a record that a worker dies of is tried once more, alone, and given up after that; the
others that were waiting in that worker go to the next one.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from cleannews.batch.formats import Record
from cleannews.batch.worker import (
    FAILED,
    HEADER,
    MEMORY,
    READY,
    Answer,
    Setup,
    Task,
    pack,
    unpack,
)
from cleannews.errors import CleanNewsError

BATCH_RECORDS, BATCH_BYTES = 16, 1 << 18
"""Most records and, about, most bytes that are sent to a worker at once."""
WAITING = 2
"""Batches that a worker has: one at work and one waiting, so that it never starves."""
AHEAD_RECORDS, AHEAD_BYTES = 256, 1 << 25
"""For each worker, how far reading runs ahead of the oldest record that is not done."""
PIPE_BYTES = 1 << 20
PATIENCE = 20
"""Wall-clock time for a record, in CPU time limits; for what stands still without using any."""
START_SECONDS = 300
"""Least wall-clock time that a worker is given to start, however busy the machine is."""
MOST_FALSE_STARTS = 5
"""Workers in a row that die before they are ready, after which there is no point in going on."""
TICK = 0.5
"""Seconds after which `Pool.results` looks at the clock."""


class Failure(NamedTuple):
    """A record that was given up, and why."""

    key: int
    reason: str


class WorkerError(CleanNewsError):
    """No worker process can be started."""


class _Batch(NamedTuple):
    tasks: list[Task]
    alone: bool = False


class _Worker:
    """One process, what it was given, and what is on the way to and from it."""

    def __init__(self, setup: Setup) -> None:
        # The same modules as here, wherever the current folder and the environment point.
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            "from cleannews.batch.worker import main; main()"
        )
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **one_thread},
        )
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101, PT018
        self.to, self.back = self.process.stdin.fileno(), self.process.stdout.fileno()
        for pipe in (self.to, self.back):
            os.set_blocking(pipe, False)
            _widen(pipe)
        self.outgoing = bytearray(pack(tuple(setup)))
        self.incoming = bytearray()
        self.batches: deque[_Batch] = deque()
        self.done = 0
        """Answers to the first of `batches`."""
        self.is_ready = False
        self.since = time.monotonic()
        self.reason: str | None = None
        """Why it is being ended, if we end it."""

    def give(self, batch: _Batch) -> None:
        if not self.batches:
            self.since = time.monotonic()
        self.batches.append(batch)
        self.outgoing += pack([tuple(task) for task in batch.tasks])

    def messages(self) -> list[tuple[object, ...]]:
        """Return the messages that are whole, and forget their bytes."""
        found, place = [], 0
        while len(self.incoming) - place >= HEADER:
            start = place + HEADER
            end = start + int.from_bytes(self.incoming[place:start], "big")
            if len(self.incoming) < end:
                break
            found.append(unpack(self.incoming[start:end]))
            place = end
        del self.incoming[:place]
        return found

    def kill(self) -> None:
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()


def _widen(pipe: int) -> None:
    """Make room in a pipe, so that the two ends wake each other less often."""
    import fcntl

    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


class Pool:
    """Worker processes that do records in any order and give their answers in the order of keys.

    Args:
        setup: What every worker is told.
        workers: How many processes.
        wake: A file descriptor that becomes readable when `results` should return; it is read.
    """

    def __init__(self, setup: Setup, *, workers: int, wake: int | None = None) -> None:
        self._setup, self._number, self._wake = setup, workers, wake
        self._selector = selectors.DefaultSelector()
        if wake is not None:
            self._selector.register(wake, selectors.EVENT_READ)
        self._workers: list[_Worker] = []
        self._todo: deque[_Batch] = deque()
        self._filling: list[Task] = []
        self._filling_bytes = 0
        self._tried: set[int] = set()
        self._answers: dict[int, Answer | Failure] = {}
        self._sizes: dict[int, int] = {}
        self._size = 0
        self._given = 0
        self._next = 0
        self._false_starts = 0
        self.replaced = 0
        """Workers that died, for whatever reason."""

    # --- what goes in and what comes out ---

    @property
    def has_room(self) -> bool:
        """Whether another record may be given without holding too many at once."""
        waiting = self._given - self._next
        return waiting < AHEAD_RECORDS * self._number and (
            self._size < AHEAD_BYTES * self._number or not waiting
        )

    @property
    def is_idle(self) -> bool:
        """Whether every record that was given has been answered and handed out."""
        return self._next == self._given

    def give(self, name: str, record: Record) -> int:
        """Take a record under a name; its key is the number of records given before."""
        key = self._given
        self._given += 1
        size = len(record.text or "") + len(record.html or "") + 200
        self._sizes[key] = size
        self._size += size
        task = Task(key, name, record.url, record.text, record.html, record.charset)
        self._filling.append(task)
        self._filling_bytes += size
        if len(self._filling) >= BATCH_RECORDS or self._filling_bytes >= BATCH_BYTES:
            self._close_batch()
        return key

    def settle(self, key_failure: str) -> int:
        """Take a place that holds no record, so that it keeps its turn among the answers."""
        key = self._given
        self._given += 1
        self._answers[key] = Failure(key, key_failure)
        return key

    def results(self, *, wait: bool) -> list[Answer | Failure]:
        """Look after the workers and return the answers that are next in order.

        Args:
            wait: Wait a while for something to happen; nothing else can be done meanwhile.
        """
        if wait and self._filling and not self._todo:
            self._close_batch()
        self._feed()
        self._turn(TICK if wait and self._next not in self._answers else 0.0)
        found = []
        while (answer := self._answers.pop(self._next, None)) is not None:
            found.append(answer)
            self._size -= self._sizes.pop(self._next, 0)
            self._tried.discard(self._next)
            self._next += 1
        return found

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
        self._selector.close()

    # --- the loop ---

    def _close_batch(self) -> None:
        self._todo.append(_Batch(self._filling))
        self._filling, self._filling_bytes = [], 0

    def _feed(self) -> None:
        """Hand out batches: a record that is tried again has a worker for itself."""
        needed = min(self._number, len(self._todo) + sum(bool(w.batches) for w in self._workers))
        while len(self._workers) < needed:
            self._start()
        for depth in range(WAITING):
            for worker in self._workers:
                if not self._todo:
                    return
                is_free = len(worker.batches) == depth and (
                    not worker.batches or not (worker.batches[0].alone or self._todo[0].alone)
                )
                if is_free:
                    worker.give(self._todo.popleft())
                    self._watch(worker)

    def _start(self) -> None:
        try:
            worker = _Worker(self._setup)
        except OSError as error:
            raise WorkerError(f"cannot start a worker process: {error.strerror}") from None
        self._workers.append(worker)
        self._selector.register(worker.back, selectors.EVENT_READ, worker)
        self._watch(worker)

    def _watch(self, worker: _Worker) -> None:
        """Look at a worker's input only while there is something to send."""
        is_watched = worker.to in self._selector.get_map()
        if worker.outgoing and not is_watched:
            self._selector.register(worker.to, selectors.EVENT_WRITE, worker)
        elif not worker.outgoing and is_watched:
            self._selector.unregister(worker.to)

    def _turn(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            worker = key.data
            if worker is None:
                os.read(key.fd, 4096)
            elif worker in self._workers:  # it may have gone in this very turn
                self._send(worker) if key.fd == worker.to else self._receive(worker)
        now = time.monotonic()
        patience = self._setup.seconds * PATIENCE
        for worker in [w for w in self._workers if w.batches]:
            if now - worker.since > (patience if worker.is_ready else max(patience, START_SECONDS)):
                worker.reason = f"no answer in {patience:g} seconds"
                self._replace(worker)

    def _send(self, worker: _Worker) -> None:
        try:
            sent = os.write(worker.to, memoryview(worker.outgoing)[: 1 << 20])
        except BlockingIOError:
            return
        except OSError:
            # It is gone. What it answered before stands in the other pipe, then comes its end.
            sent = len(worker.outgoing)
        del worker.outgoing[:sent]
        self._watch(worker)

    def _receive(self, worker: _Worker) -> None:
        try:
            data = os.read(worker.back, 1 << 20)
        except BlockingIOError:
            return
        if not data:
            self._replace(worker)
            return
        worker.incoming += data
        for message in worker.messages():
            worker.since = time.monotonic()
            if message == (READY,):
                worker.is_ready, self._false_starts = True, 0
                continue
            answer = Answer(*message)  # type: ignore[arg-type]
            if answer.what == MEMORY:
                worker.reason = f"over the limit of {self._setup.memory >> 20} MB of memory"
                self._replace(worker)
                return
            self._take(worker, answer)

    def _take(self, worker: _Worker, answer: Answer) -> None:
        if answer.what == FAILED:
            self._answers[answer.key] = Failure(answer.key, answer.body.decode("utf-8"))
        else:
            self._answers[answer.key] = answer
        worker.done += 1
        if worker.done == len(worker.batches[0].tasks):
            worker.batches.popleft()
            worker.done = 0

    def _replace(self, worker: _Worker) -> None:
        """Bury a worker and find out what is to be done again."""
        self._workers.remove(worker)
        for pipe in (worker.to, worker.back):
            if pipe in self._selector.get_map():
                self._selector.unregister(pipe)
        worker.kill()
        self.replaced += 1
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts >= MOST_FALSE_STARTS:
                raise WorkerError(
                    f"{MOST_FALSE_STARTS} worker processes in a row ended before they were ready "
                    f"({_reason(worker.process.returncode, self._setup)})"
                )
        again: list[_Batch] = []
        for number, batch in enumerate(worker.batches):
            left = batch.tasks[worker.done :] if number == 0 else batch.tasks
            if number == 0 and worker.is_ready:
                again += self._after_death(left[0], worker)
                left = left[1:]
            if left:
                again.append(_Batch(left, batch.alone))
        self._todo.extendleft(reversed(again))

    def _after_death(self, culprit: Task, worker: _Worker) -> Iterable[_Batch]:
        if culprit.key not in self._tried:
            self._tried.add(culprit.key)
            return [_Batch([culprit], alone=True)]
        reason = worker.reason or _reason(worker.process.returncode, self._setup)
        self._answers[culprit.key] = Failure(culprit.key, reason)
        return []


def _reason(code: int, setup: Setup) -> str:
    """Say in words how a process ended."""
    if code == -signal.SIGPROF:
        return f"over the limit of {setup.seconds:g} seconds of CPU time"
    if code < 0:
        with suppress(ValueError):
            return f"the worker process died of {signal.Signals(-code).name}"
    return f"the worker process ended with code {code}"
