"""Rebuild ``src/cleannews/metadata/months.json``: month and weekday names from Unicode CLDR.

    pip install babel && python training/months.py

Names are folded as `cleannews.reading.folding.fold` folds text, so that a look-up needs no second
table. The output is the same for the same Babel release: keys are sorted, and a name that means
different months in different languages (``mar`` is fine, ``listopad`` is October in Croatian and
November in Polish) is left out unless the languages of most readers agree.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from babel import Locale

from cleannews.reading.folding import fold

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "metadata" / "months.json"

LOCALES = """
    en de es fr it pt nl pl ru tr id vi hi ar zh ja ko cs sk sl hr sr hu ro bg el uk sv da nb
    fi et lv lt he fa bn ta te ur th ms fil sw ca ar_LB ar_DZ ar_MA
""".split()
# Earlier locales win where two disagree about a name; the order above is by number of readers.


def main() -> None:
    """Write the table."""
    months: dict[str, int] = {}
    clashes: dict[str, set[int]] = defaultdict(set)
    weekdays: set[str] = set()
    for code in LOCALES:
        locale = Locale.parse(code)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    key = fold(name)
                    # "9月" and "tháng 9" hold the number itself; the date reader needs no name.
                    if len(key) > 1 and not any(c.isdigit() for c in key):
                        clashes[key].add(number)
                        months.setdefault(key, number)
                weekdays.update(
                    fold(name) for name in locale.days[context][width].values() if len(name) > 1
                )
    # CLDR abbreviates September as "Sept" in British English only.
    months.setdefault("sept", 9)
    for name in sorted(n for n, found in clashes.items() if len(found) > 1):
        print("ambiguous, first locale wins:", name, sorted(clashes[name]), months[name])
    table = {"months": dict(sorted(months.items())), "weekdays": sorted(weekdays - {""})}
    TARGET.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
