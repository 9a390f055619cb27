"""What each verb of the command line does, one module a verb."""

from __future__ import annotations


def run(arguments: list[str]) -> int:
    """Check a server."""
    from conformance.cli import running  # noqa: PLC0415 each verb imports only what it needs

    return running.run(arguments)


def plan(arguments: list[str]) -> int:
    """Say what a run would send."""
    from conformance.cli import planning  # noqa: PLC0415 each verb imports only what it needs

    return planning.plan(arguments)


def serve(arguments: list[str]) -> int:
    """Serve the reference server."""
    from conformance.reference import serving  # noqa: PLC0415 each verb imports only what it needs

    return serving.serve(arguments)


def spec(arguments: list[str]) -> int:
    """Print the contract."""
    from conformance.cli import specification  # noqa: PLC0415 each verb imports only what it needs

    return specification.spec(arguments)


def requirements(arguments: list[str]) -> int:
    """Show the catalogue."""
    from conformance.cli import cataloguing  # noqa: PLC0415 each verb imports only what it needs

    return cataloguing.requirements(arguments)


def restore(arguments: list[str]) -> int:
    """Undo a run from its journal."""
    from conformance.cli import restoring  # noqa: PLC0415 each verb imports only what it needs

    return restoring.restore(arguments)


def report(arguments: list[str]) -> int:
    """Make reports from an event log."""
    from conformance.cli import reporting  # noqa: PLC0415 each verb imports only what it needs

    return reporting.report(arguments)
