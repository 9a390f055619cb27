"""Exchanges with a real server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import ME
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from tests.conftest import Connect, StartStub

    Responses = Callable[..., Exchange]


@pytest.fixture
def responses(stub: StartStub, connect: Connect) -> Responses:
    """Return a function that makes an exchange with this status and body (text or JSON)."""

    def make(status: int = 200, body: Any = "") -> Exchange:
        text = body if isinstance(body, str) else json.dumps(body)
        server = stub(lambda _: Response(text, status))
        return connect(server.base_url).send("getSystem", ME)

    return make
