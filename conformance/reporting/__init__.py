"""Reports of a run: event log -> report.json, index.html, junit.xml, summary.md, badge.json, exchanges.har.

Everything here is made from `events.jsonl` alone, but for what is left of a run that failed in preflight. Nothing of the rest of `conformance` is imported but `printable`,
and nothing is judged again: verdicts are taken from the log as they are.
"""

from conformance.reporting.event_log import EventLog, LogError, Run, read
from conformance.reporting.rendering import report_failed_preflight, text_of, write_reports

__all__ = [
    "EventLog",
    "LogError",
    "Run",
    "read",
    "report_failed_preflight",
    "text_of",
    "write_reports",
]
