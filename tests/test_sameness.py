"""The same output in other processes, hash seeds, locales, time zones and start methods."""

import multiprocessing
import os
import subprocess
import sys

import pytest

from digests import digest, put_digest

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from digests import digest
print(digest())
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_started_processes_agree(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=put_digest, args=(queue,))
    process.start()
    got = queue.get(timeout=120)
    process.join()
    assert got == digest()


@pytest.mark.parametrize(
    "change",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "12345"},
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8"},
        {"TZ": "Asia/Kolkata"},
        {"TZ": "Pacific/Kiritimati"},
    ],
    ids=lambda change: "-".join(f"{k}={v}" for k, v in change.items()),
)
def test_environment_changes_nothing(change):
    env = {**os.environ, **change}
    command = [sys.executable, "-c", PROGRAM, os.path.dirname(__file__)]  # noqa: PTH120
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest()
