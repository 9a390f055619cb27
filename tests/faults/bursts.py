"""More requests at once than the limits allow; the recorder moves the clock of the limiter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.recorder import ME

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

RECOVERY = 1.1  # seconds, after which all limits are full again


def bursts(recorder: Recorder) -> None:
    """Use up each limit by itself, send requests of the others, and wait."""
    member = f"/members/{recorder.create('/members', {'name': 'Ada'})}"
    message = f"/messages/{recorder.server.seeded.message_id}"
    recorder.wait(RECOVERY)
    for path in (ME, message):
        for _ in range(22):
            recorder.get(path)
        others(recorder, member, message)
        recorder.wait(RECOVERY)
    for number in range(8):
        recorder.send("PATCH", ME, {"tag": str(number)})
    others(recorder, member, message)
    recorder.wait(RECOVERY)
    recorder.get(ME)


def others(recorder: Recorder, member: str, message: str) -> None:
    """Send one request of every kind, each as more than one client, while a limit is used up."""
    for who in ("owner", "other", ""):
        recorder.get(ME, f"{ME}/fronters", member, message, "/nothing", who=who)
    recorder.send("GET", ME, user_agent="another")
    recorder.send("GET", ME, x_forwarded_for="10.0.0.1")
    recorder.send("PATCH", f"{ME}/settings", {"pings_enabled": True})
    recorder.send("PATCH", member, {"tts": True})
    recorder.send("POST", "/members", {"name": "Bea"})
    recorder.send("DELETE", member)
    recorder.wait(0.4)
    recorder.get(ME, message)


def spaced(recorder: Recorder) -> None:
    """Send requests of every kind, with enough time between them."""
    member = f"/members/{recorder.create('/members', {'name': 'Ada'})}"
    for method, path, body in (
        ("GET", ME, None),
        ("GET", "/nothing", None),
        ("PATCH", member, {"tts": True}),
        ("DELETE", member, None),
    ):
        recorder.wait(RECOVERY)
        recorder.send(method, path, body)
