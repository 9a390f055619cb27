"""More requests at once than the limits allow; the story moves the clock of the limiter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.telling import ME

if TYPE_CHECKING:
    from tests.faults.telling import Story

AGAIN = 1.1  # seconds, after which all is there again


def bursts(story: Story) -> None:
    """Use up each limit alone, look at the others, and wait."""
    member = f"/members/{story.made('/members', {'name': 'Ada'})}"
    message = f"/messages/{story.server.seeded.message_id}"
    story.wait(AGAIN)
    for path in (ME, message):
        for _ in range(22):
            story.get(path)
        others(story, member, message)
        story.wait(AGAIN)
    for number in range(8):
        story.ask("PATCH", ME, {"tag": str(number)})
    others(story, member, message)
    story.wait(AGAIN)
    story.get(ME)


def others(story: Story, member: str, message: str) -> None:
    """Send one request of every kind, each as more than one client, while a limit is used up."""
    for who in ("owner", "other", ""):
        story.get(ME, f"{ME}/fronters", member, message, "/nothing", who=who)
    story.ask("GET", ME, user_agent="another")
    story.ask("GET", ME, x_forwarded_for="10.0.0.1")
    story.ask("PATCH", f"{ME}/settings", {"pings_enabled": True})
    story.ask("PATCH", member, {"tts": True})
    story.ask("POST", "/members", {"name": "Bea"})
    story.ask("DELETE", member)
    story.wait(0.4)
    story.get(ME, message)


def spaced(story: Story) -> None:
    """Send requests of every kind, with enough time between them."""
    member = f"/members/{story.made('/members', {'name': 'Ada'})}"
    for method, path, body in (
        ("GET", ME, None),
        ("GET", "/nothing", None),
        ("PATCH", member, {"tts": True}),
        ("DELETE", member, None),
    ):
        story.wait(AGAIN)
        story.ask(method, path, body)
