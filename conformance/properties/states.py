"""In every state of its privacy an account looks to everybody as the docs say (docs: reference#authentication, models).

One walk through such states (`walk`) serves all checks of this module: each looks at what the responses of one operation reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import changes_system, each
from conformance.http import NotApplicable
from conformance.properties.privacy_walk import LEAST, PrivacyWalk
from conformance.properties.sequences import returning

if TYPE_CHECKING:
    from conformance.contract import Operation
    from conformance.properties.budget import Shares
    from conformance.properties.entities import Cast


@pytest.fixture(scope="session")
def walk(cast: Cast, shares: Shares) -> PrivacyWalk:
    """The walk, when it is over."""
    made = PrivacyWalk(cast)
    with shares.part("states", 1, 1, LEAST) as budget:
        made.go(budget)
    with shares.shortening() as budget:
        made.shorten(budget)
    return made


@changes_system
@each("operation", returning)
def check_everybody_sees_what_is_theirs_to_see(operation: Operation, walk: PrivacyWalk) -> None:
    """Whatever is private, a response shows everybody exactly what the docs say that they see."""
    found = walk.telling(operation.id)
    if found is not None:
        raise found
    if walk.trouble is not None:
        raise walk.trouble
    if operation.id not in walk.seen:
        reason = f"the walk did not come to {operation.id}"
        raise NotApplicable(reason)
