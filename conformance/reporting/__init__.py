"""Reports of a run: event log -> report.json, index.html, junit.xml.

Everything here is made from `events.jsonl` alone. Nothing of the rest of `conformance` is imported,
and nothing is judged again: verdicts are taken from the log as they are.
"""

from conformance.reporting.event_log import EventLog, LogError, Run, read
from conformance.reporting.rendering import write_reports

__all__ = ["EventLog", "LogError", "Run", "read", "write_reports"]
