"""Members and groups with the same values, and private lists of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.recorder import IMAGE, ME

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

LISTS = ("members", "groups", "switches", "fronters")


def twins(recorder: Recorder) -> None:
    """Create everything twice, and let the second lose its values."""
    body = {"name": "Twin", "display_name": "Twin", "description": "x", "banner": IMAGE}
    tags = {"proxy_tags": [{"prefix": "t:", "suffix": None}]}
    for path, kind, more in (("/members", "member", tags), ("/groups", "group", {})):
        first, second = (recorder.create(path, body | more) for _ in range(2))
        private = dict.fromkeys(recorder.privacy_keys()[kind], "private")
        recorder.send("PATCH", f"{path}/{second}", {"privacy": private})
        nulls = dict.fromkeys(("display_name", "description", "banner"))
        recorder.send("PATCH", f"{path}/{second}", nulls)
        recorder.get(f"{path}/{first}", f"{path}/{second}")
    recorder.get(f"/groups/{second}/members", who="")


def lists_of_nothing(recorder: Recorder) -> None:
    """Read the private lists of a system in which nothing was created, and of one in which nobody fronts."""
    path = f"/systems/{recorder.server.seeded.first.short_id}"
    keys = [key for key in recorder.privacy_keys()["system"] if "list" in key or "front" in key]
    recorder.send("PATCH", ME, {"privacy": dict.fromkeys(keys, "private")})
    recorder.get(*(f"{path}/{name}" for name in LISTS), who="")
    recorder.send("POST", f"{ME}/switches", {"members": []})
    recorder.get(f"{path}/fronters", who="")
