"""Requests over time as an SVG bar chart, with the documented limit and the requests that were throttled. Colours are in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH, HEIGHT, TOP = 600, 72, 8  # SVG units; TOP stays free above the highest bar


def chart(row: Mapping[str, Any]) -> Markup:
    """Return the chart of one row of a report's traffic, with its summary as text for screen readers."""
    limit = row["limit"] * row["step"] if row["limit"] else None
    highest = max([*row["sent"], limit or 1, 1])
    places = max(len(row["sent"]), 1)
    bars = Markup("").join(_bars(row, highest, WIDTH / places))
    line = _limit(limit, highest) if limit else Markup("")
    label = f"{_name(row)}: {_summary(row)}"
    return Markup(
        '<figure class="traffic"><figcaption><code>{name}</code> {summary}</figcaption>'
        '<svg viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        "{bars}{line}</svg></figure>"
    ).format(
        name=_name(row),
        summary=_summary(row),
        width=WIDTH,
        height=HEIGHT,
        label=label,
        bars=bars,
        line=line,
    )


def _bars(row: Mapping[str, Any], highest: int, width: float) -> Iterator[Markup]:
    """Yield a bar for each step with requests, and over its upper end one for those that were throttled."""
    throttled = [*row["throttled"], *[0] * len(row["sent"])]
    for place, sent in enumerate(row["sent"]):
        if sent:
            yield _bar("sent", place * width, width, _height(sent, highest), sent)
        if throttled[place]:
            height = _height(throttled[place], highest)
            top = HEIGHT - _height(sent, highest)
            yield _bar("throttled", place * width, width, height, throttled[place], top)


def _bar(
    kind: str, x: float, width: float, height: float, number: int, top: float | None = None
) -> Markup:
    y = HEIGHT - height if top is None else top
    return Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{} {}</title></rect>'
    ).format(kind, x, y, max(0.8, width * 0.9), height, number, kind)


def _limit(limit: int, highest: int) -> Markup:
    y = HEIGHT - _height(limit, highest)
    return Markup('<line class="limit" x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
        WIDTH, y, y
    )


def _height(number: int, highest: int) -> float:
    return number / highest * (HEIGHT - TOP)


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['scope']}, instance for rate limits" if row["elsewhere"] else str(row["scope"])


def _summary(row: Mapping[str, Any]) -> Markup:
    step = "a second" if row["step"] == 1 else f"in {row['step']} s"
    sent = sum(row["sent"])
    requests = "1 request" if sent == 1 else f"{sent} requests"
    words = [f"{requests}, at most {max(row['sent'], default=0)} {step}"]
    if row["limit"]:
        words.append(f"documented limit {row['limit'] * row['step']} {step}")
    if sum(row["throttled"]):
        words.append(f"{sum(row['throttled'])} throttled")
    return escape("; ".join(words))
