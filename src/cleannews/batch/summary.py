"""The summary of a run, and what of it must not change between an interruption and going on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cleannews._version import __version__
from cleannews.batch.counts import summary_of
from cleannews.batch.formats import Skipped
from cleannews.batch.job import Job
from cleannews.batch.journal import DOUBLE, Journal

SCHEMA_VERSION = 1
"""Version of the summary."""


def conditions_of(job: Job, suffix: str, rules_hash: str) -> dict[str, Any]:
    """Return what an output hangs on beside its input; going on with another would mix two jobs.

    Args:
        job: The job.
        suffix: Of the output's files.
        rules_hash: Of the rules in force.

    Raises:
        InputError: The file of site profiles cannot be read.
        SiteError: It is not a file of profiles.
    """
    site = None
    if job.site is not None:
        from cleannews.boilerplate.sites import SiteProfiles

        site = "+".join(profile.hash for profile in SiteProfiles.load(job.site).profiles)
    told = {
        "version": __version__,
        "rules_hash": rules_hash,
        "options": asdict(job.options),
        "fields": asdict(job.fields),
        "format": suffix,
        "site": site,
        "learn_sites": job.learn_sites,
    }
    plain: dict[str, Any] = json.loads(json.dumps(told))  # tuples are lists, as when read again
    return plain


def whole_summary(
    journal: Journal, conditions: Mapping[str, Any], skipped: Sequence[Skipped]
) -> dict[str, Any]:
    """Return the summary of what a journal knows; duplicates and names are added later."""
    counts = journal.counts()
    told = summary_of(counts)
    summary: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **conditions,
        "inputs": [
            {"path": path, "kind": kind, "records": records, "bytes": size, "fingerprint": mark}
            for path, kind, size, mark, records in journal.sources()
        ],
        "skipped": [asdict(path) for path in skipped],
        "records": sum(told[name] for name in ("cleaned", "unreadable", "quarantined")),
        "double_ids": dict(counts).get(DOUBLE, 0),
        **told,
        "dedup": None,
    }
    if changed := journal.get("changed"):
        summary["changed"] = changed
    return summary
