"""How much a violated requirement weighs: the order of findings in the terminal, the summary and the comparison.

Heaviest first: by verdict as `VERDICTS` has them, what hand-written checks found before what generated ones alone did, then by harm:
`access` (privacy and authorization), `loss` (of data), `status` (wrong acceptance, rejection, status or code), `form`. The catalogue
says which harm a requirement guards against (`openapi/requirements/harms.yaml`); logs of earlier versions lack it, and then all weigh
like `form`. Within one weight the order of before stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from conformance.reporting.events import Harm

if TYPE_CHECKING:
    from collections.abc import Mapping

HARMS: tuple[str, ...] = get_args(Harm)
"""Every harm, worst first."""


def weight(row: Mapping[str, Any]) -> int:
    """Return the place of a requirement of report.json among the harms: 0 is worst."""
    return HARMS.index(row.get("harm", HARMS[-1]))
