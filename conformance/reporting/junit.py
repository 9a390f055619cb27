"""A run as junit.xml, one testcase a check; it follows the schema that Jenkins' xUnit plugin publishes (junit-10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from conformance.reporting.curl import curl
from conformance.reporting.event_log import Run
from conformance.reporting.events import CheckFinished
from conformance.reporting.plain import plain

if TYPE_CHECKING:
    from conformance.reporting.events import RunStarted

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = {"untested", "inconclusive", "unimplemented", "not-applicable"}
_TOTALS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(run: Run, headline: str, stopped: str = "") -> str:
    """Return the JUnit document; `headline`, and why the run `stopped` early, go into the suite's properties."""
    suite = ET.Element("testsuite", name=_clean(run.started["suite"]["name"]))
    suite.set("timestamp", _clean(run.started["started"]))
    suite.append(_properties(run, headline, stopped))
    checks = [*run.checks.values(), *_incomplete(run, headline, stopped)]
    suite.extend(_testcase(run, check) for check in checks)
    seconds = sum(check["milliseconds"] for check in checks) / 1000
    root = ET.Element("testsuites")
    root.append(suite)
    for element in (root, suite):
        element.set("tests", str(len(checks)))
        for total, tag in _TOTALS.items():
            if element is suite or total != "skipped":  # the schema has it for suites alone
                element.set(total, str(len(suite.findall(f"testcase/{tag}"))))
        element.set("time", f"{seconds:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def junit_of_failed_preflight(started: RunStarted, message: str) -> str:
    """Return the JUnit document of a run that ended before its first check: one error, with the line that says why."""
    name = "preflight"
    check = _error(name, "The target is fit for a run.", message)
    return junit(Run(started, checks={name: check}), f"incomplete: {message}")


def _incomplete(run: Run, headline: str, stopped: str) -> list[CheckFinished]:
    """Return an error for a log without an end: no CI server takes what is missing for passed."""
    if run.finished or not stopped:
        return []
    return [_error("run::complete", "The run comes to its end.", f"{headline}; {stopped}")]


def _error(name: str, description: str, reason: str) -> CheckFinished:
    return CheckFinished(
        event="check-finished",
        check=name,
        description=description,
        requirements=[],
        outcome="error",
        reason=reason,
        expected=None,
        actual=None,
        exchanges=[],
        evidence=None,
        milliseconds=0,
    )


def _properties(run: Run, headline: str, stopped: str) -> ET.Element:
    properties = ET.Element("properties")
    values = {
        "headline": headline,
        **({"stopped": stopped} if stopped else {}),
        "target": run.started["target"]["name"],
        "base_url": run.started["target"]["base_url"],
        "revision": run.started["revision"],
        "seed": str(run.started["seed"]),
    }
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    return properties


def _testcase(run: Run, check: CheckFinished) -> ET.Element:
    module, separator, name = check["check"].partition("::")
    case = ET.Element("testcase", classname=_clean(module), name=_clean(name or module))
    if not separator:
        case.set("classname", "checks")
    case.set("time", f"{check['milliseconds'] / 1000:.3f}")
    result = _result(run, check)
    if result is not None:
        case.append(result)
    return case


def _result(run: Run, check: CheckFinished) -> ET.Element | None:
    outcome, reason = check["outcome"], _clean(check["reason"])
    if outcome == "passed":
        return None
    if outcome == "failed" and (entries := _known(run, check)):
        return ET.Element(
            "skipped", message=_clean(f"known failure: {'; '.join(entries)}: {reason}")
        )
    if outcome in _SKIPPED:
        return ET.Element("skipped", message=f"{outcome}: {reason}")
    if outcome == "warned":
        element = ET.Element("system-out")
    else:
        tag = "failure" if outcome == "failed" else "error"
        element = ET.Element(tag, message=reason, type=outcome)
    element.text = _clean(_text(run, check))
    return element


def _known(run: Run, check: CheckFinished) -> list[str]:
    """Return what the file of known failures says of a failed check; nothing if it violates a requirement that may not fail."""
    judged = [run.judged[name] for name in check["requirements"] if name in run.judged]
    if any(row["verdict"] in ("failed", "error") for row in judged):
        return []
    entries = (row.get("known_failure") for row in judged if row["verdict"] == "known")
    return [f"{row['reason']} ({row['link']}, until {row['expires']})" for row in entries if row]


def _text(run: Run, check: CheckFinished) -> str:
    lines = [f"{check['outcome']}: {check['reason']}", check["description"]]
    lines += [f"requirement: {identifier}" for identifier in check["requirements"]]
    if check["expected"] is not None:
        lines.append(f"expected: {check['expected']}")
    if check["actual"] is not None:
        lines.append(f"actual: {check['actual']}")
    exchange = run.exchanges.get(check["evidence"] or "")
    if exchange:
        lines.append(curl(exchange))
    return "\n".join(lines)


def _clean(text: str) -> str:
    """Return `text` with escapes for what a terminal obeys, without what else XML 1.0 forbids."""
    return _FORBIDDEN.sub("", plain(text))
