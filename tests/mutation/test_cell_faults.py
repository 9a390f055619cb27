"""Faults of cells: each changes what becomes of the value of its cell."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contract import load
from conformance.contract.value_cases import Case, body_of, cases
from conformance.mutation import cell_faults
from conformance.reference.application import Server
from conformance.reference.faults import FAULTS
from tests.faults.recorder import IMAGE, Recorder, Response

CASES = [case for case in cases(load()) if case.operation == "updateMember"]


def responses(case: Case, *faults: str) -> list[Response]:
    """Return the responses to a PATCH of a member with the value beside a valid key, and to a GET after it."""
    server = Server(limited=False)
    for name in faults:
        FAULTS[name].inject(server)
    recorder = Recorder(server)

    def series(to: Recorder) -> None:
        privacy = dict.fromkeys(to.privacy_keys()["member"], "private")
        images = dict.fromkeys(("avatar_url", "webhook_avatar_url", "banner"), IMAGE)
        texts = dict.fromkeys(("display_name", "pronouns", "description"), "full")
        flags = dict.fromkeys(("keep_proxy", "tts"), case.value is False)
        filled: dict[str, Any] = {
            "name": "Full",
            "color": "123456",
            "birthday": "2000-01-01",
            "privacy": privacy,
        }
        filled |= {**images, **texts, **flags}
        path = f"/members/{to.create('/members', filled)}"
        valid = {"pronouns": "valid"} if case.key != "pronouns" else {"description": "valid"}
        to.send("PATCH", path, {"proxy_tags": [{"prefix": "x", "suffix": None}]})
        to.send("PATCH", path, {**valid, **body_of([case])})
        to.get(path)

    return recorder.record(series)


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.name)
def test_fault_of_a_cell_changes_a_response(case: Case) -> None:
    """Each way to treat the value wrongly shows in the response, or in the member afterwards."""
    cell_faults.register()
    endings = [cell_faults.ending(one) for one in CASES]
    names = [
        name
        for name in FAULTS
        if max(filter(name.endswith, endings), key=len, default="") == cell_faults.ending(case)
    ]
    sound = responses(case)
    assert names
    assert [name for name in names if responses(case, name) == sound] == []
