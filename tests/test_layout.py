"""Who may import whom, and what importing the package costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cleannews

PACKAGE = Path(cleannews.__file__).parent

# A part may import from parts of a lower level, and from its own.
LEVELS = {
    "_version": 0, "document": 0, "errors": 0, "writing": 0, "options": 1, "schema": 1,
    "reading": 2,
    "metadata": 3,
    "boilerplate": 4,
    "report": 5,
    "api": 6,
    "duplicates": 7,
    "columns": 8,
    "arrow": 9,
    "batch": 10,
    "integrations": 11, "cli": 11,
    "__init__": 12, "__main__": 12,
}  # fmt: skip

# Notebook display and the verbs are lazy on purpose: the arrow points up, the import happens at
# use.
LAZY = {("document", "report"), ("document", "metadata")}


def imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cleannews"):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("cleannews"))


def part(name):
    return name.split(".")[1] if "." in name else "__init__"


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_run_one_way(path):
    place = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports(path):
        other = part(module)
        if other == "__init__" or (place, other) in LAZY:
            continue
        assert LEVELS[other] <= LEVELS[place], f"{place} imports {module}"


def test_every_part_has_a_level():
    parts = {p.stem if p.is_file() else p.name for p in PACKAGE.iterdir()}
    assert parts - {"__pycache__", "py", "schemas"} - set(LEVELS) == set()


def test_importing_the_package_loads_nothing_heavy():
    program = "import sys, cleannews; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert (
        loaded & {"lxml", "numpy", "pyarrow", "rapidfuzz", "readability", "click", "difflib"}
        == set()
    )


def test_importing_the_package_is_quick():
    def seconds(program):
        code = f"import time; s = time.perf_counter()\n{program}\nprint(time.perf_counter() - s)"
        runs = [
            float(
                subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
            )
            for _ in range(5)
        ]
        return min(runs)

    assert seconds("import cleannews") < 0.060


def test_only_the_command_line_prints():
    for path in PACKAGE.rglob("*.py"):
        if "cli" not in path.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
            assert not any(isinstance(f, ast.Name) and f.id == "print" for f in calls), path
