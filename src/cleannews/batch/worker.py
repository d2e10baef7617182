"""What a worker process does: records in on one pipe, rows out on another, under limits.

A worker is a fresh interpreter, started by `workers.Pool` with a call of `main`. It knows nothing
of files of records. Every answer is sent before the next record is looked at, so that whoever reads
the pipe knows which record a worker died of.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from cleannews.batch.counts import facts_of
from cleannews.columns import clean_row, json_text
from cleannews.errors import CleanNewsError
from cleannews.options import CleanOptions

POISON = "CLEANNEWS_TEST_POISON"
"""Test hook: ``ID:HOW`` makes a worker misbehave at the record of this id. HOW is segv, hang,
memory or exit."""
HEADER = 4
"""Bytes that tell the length of a message."""

READY, ROW, LEARNED, FAILED, MEMORY = "ready", "row", "learned", "failed", "memory"


class Setup(NamedTuple):
    """What a worker is told when it starts; plain values only.

    Attributes:
        task: ``clean`` or ``learn``.
        options: Fields of `CleanOptions`.
        seconds: Most CPU time for a record.
        memory: Most bytes that a record may take beyond what a worker needs anyhow.
        site: Path of a file of site profiles.
        learned: Path of the profiles that this run has learned.
    """

    task: str
    options: dict[str, Any]
    seconds: float
    memory: int
    site: str | None = None
    learned: str | None = None


class Task(NamedTuple):
    """One record: its key, which comes back with the answer, and what is known of it."""

    key: int
    id: str
    url: str | None
    text: str | None
    html: str | bytes | None
    charset: str | None


class Answer(NamedTuple):
    """What became of a record.

    Attributes:
        key: As in the task.
        what: ``row``, ``learned``, ``failed`` (not to be tried again) or ``memory``.
        body: The row as JSON, what was learned, or the reason.
        facts: What `counts.facts_of` says of the row.
    """

    key: int
    what: str
    body: bytes
    facts: dict[str, int]


def pack(message: tuple[Any, ...] | list[Any]) -> bytes:
    """Return a message of plain values, named tuples not among them, as bytes with their length."""
    data = marshal.dumps(message)
    return len(data).to_bytes(HEADER, "big") + data


def unpack(data: bytes | bytearray | memoryview) -> Any:
    """Return the message of what `pack` made, without its length.

    The bytes come from a process of ours over a pipe that nobody else has; never from a file.
    """
    return marshal.loads(data)  # noqa: S302


def main() -> NoReturn:
    """Serve on standard input and output until the input ends."""
    # A Ctrl-C or a signal to the whole group is for the parent to act on; it closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    stream = sys.stdin.buffer

    def receive() -> Any:
        head = stream.read(HEADER)
        size = int.from_bytes(head, "big")
        body = stream.read(size) if len(head) == HEADER else b""
        # The parent may go in the middle of a message.
        return unpack(body) if head and len(body) == size else None

    def send(message: tuple[Any, ...]) -> None:
        left = memoryview(pack(message))
        while left:
            left = left[os.write(answers, left) :]

    try:
        _serve(receive, send)
    except BrokenPipeError:
        os._exit(0)  # the parent is gone
    except CleanNewsError as error:
        # What is wrong with options and profiles, the parent has told; this is for the odd rest.
        os.write(2, f"worker: {error}\n".encode("utf-8", "backslashreplace"))
        os._exit(1)
    os._exit(0)


def _serve(receive: Callable[[], Any], send: Callable[[tuple[Any, ...]], None]) -> None:
    setup = Setup(*receive())
    work = _learner() if setup.task == "learn" else _cleaner(setup)
    _limit_memory(setup.memory)
    send((READY,))
    while (batch := receive()) is not None:
        for item in batch:
            send(tuple(_answer(Task(*item), work, setup.seconds)))


def _answer(
    task: Task, work: Callable[[Task], tuple[str, bytes, dict[str, int]]], seconds: float
) -> Answer:
    """Do one record; its CPU time is limited by a timer that ends the process."""
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        _poison(task.id)
        return Answer(task.key, *work(task))
    except MemoryError:
        return Answer(task.key, MEMORY, b"", {})
    except Exception as error:  # noqa: BLE001 (one record must never end a run of millions)
        told = f"{type(error).__name__}: {error}"[:300]
        return Answer(task.key, FAILED, told.encode("utf-8", "backslashreplace"), {})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _cleaner(setup: Setup) -> Callable[[Task], tuple[str, bytes, dict[str, int]]]:
    from cleannews.batch.sites import profiles_of

    options = CleanOptions.from_mapping(setup.options)
    site_for = profiles_of(setup.site, setup.learned)
    clean_row(text="The council voted to close the bridge.", options=options)  # load the rules

    def work(task: Task) -> tuple[str, bytes, dict[str, int]]:
        row = clean_row(
            text=task.text,
            html=task.html,
            id=task.id,
            url=task.url,
            options=options,
            site=site_for(task.url),
            charset=task.charset,
        )
        told = json_text(row).encode("utf-8")
        return ROW, told, facts_of(row)

    return work


def _learner() -> Callable[[Task], tuple[str, bytes, dict[str, int]]]:
    from cleannews.batch.sites import learned_page

    def work(task: Task) -> tuple[str, bytes, dict[str, int]]:
        body = task.text if task.html is None else task.html
        page = learned_page(body, task.url, charset=task.charset)
        return LEARNED, page.encode() if page else b"", {}

    return work


def _limit_memory(most: int) -> None:
    """Limit the address space to what is taken now and `most` bytes more."""
    import resource  # not there on Windows

    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 (not a file)
            now = int(told.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = now + most if hard == resource.RLIM_INFINITY else min(now + most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (OSError, ValueError):
        pass  # only Linux has both the figure and the limit; elsewhere memory is not limited


def _poison(name: str) -> None:
    asked, _, how = os.environ.get(POISON, "").rpartition(":")
    if not asked or asked != name:
        return
    if how == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "exit":
        os._exit(7)
    elif how == "memory":
        hoard = [bytearray(1 << 24)]
        while True:
            hoard.append(bytearray(1 << 24))
    while how == "hang":
        time.monotonic()
