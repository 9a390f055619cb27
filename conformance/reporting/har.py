"""The exchanges of a run as a HAR file (HTTP Archive 1.2), which browsers' developer tools and proxies open.

All exchanges of the log are in it, in its order, with tokens replaced as they are there; nothing is in it of which the log knows
nothing, like addresses or the times of the parts of an exchange.
"""

from __future__ import annotations

import datetime as dt
import io
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import harfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reporting.event_log import Run
    from conformance.reporting.events import Exchange

NO_RESPONSE = 0  # the status of an entry that got none
_VERSION = "HTTP/1.1"
_UNKNOWN = -1  # as the format says that a size is not known


def har(run: Run, headline: str) -> str:
    """Return the HAR document of a log; `headline` is its comment."""
    suite, text = run.started["suite"], io.StringIO()
    creator = harfile.Creator(name=suite["name"], version=suite["version"])
    with harfile.HarFile.open(text, creator=creator, comment=headline) as file:
        for exchange in run.exchanges.values():
            file.add_entry(
                startedDateTime=_moment(exchange, run.started["started"]),
                time=exchange["milliseconds"],
                request=_request(exchange),
                response=_response(exchange),
                timings=harfile.Timings(send=0, wait=exchange["milliseconds"], receive=0),
                comment=f"{exchange['id']}: {exchange['operation']} as {exchange['caller']}, {exchange['check']}",
            )
    return text.getvalue() + "\n"


def _moment(exchange: Exchange, otherwise: str) -> str:
    sent = exchange.get("sent")
    if sent is None:
        return otherwise
    return dt.datetime.fromtimestamp(sent, dt.UTC).isoformat(timespec="milliseconds")


def _request(exchange: Exchange) -> harfile.Request:
    body, headers = exchange["request"]["body"], exchange["request"]["headers"]
    sent = None if body is None else harfile.PostData(mimeType=_media_type(headers), text=body)
    return harfile.Request(
        method=exchange["method"],
        url=exchange["url"],
        httpVersion=_VERSION,
        headers=_headers(headers),
        queryString=_query(exchange["url"]),
        postData=sent,
        headersSize=_UNKNOWN,
        bodySize=_size(body),
    )


def _response(exchange: Exchange) -> harfile.Response:
    status, response = exchange["status"], exchange["response"]
    if status is None or response is None:
        return harfile.Response(
            status=NO_RESPONSE,
            statusText="",
            httpVersion=_VERSION,
            content=harfile.Content(size=0, mimeType=""),
            headersSize=_UNKNOWN,
            bodySize=_UNKNOWN,
            comment=exchange["error"] or "no response",
        )
    headers, body = response["headers"], response["body"]
    return harfile.Response(
        status=status,
        statusText=_phrase(status),
        httpVersion=_VERSION,
        headers=_headers(headers),
        redirectURL=_value(headers, "location"),
        content=harfile.Content(size=_size(body), mimeType=_media_type(headers), text=body or ""),
        headersSize=_UNKNOWN,
        bodySize=_size(body),
    )


def _headers(headers: Mapping[str, str]) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in headers.items()]


def _query(url: str) -> list[harfile.Record]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return [harfile.Record(name=name, value=value) for name, value in pairs]


def _media_type(headers: Mapping[str, str]) -> str:
    return _value(headers, "content-type")


def _value(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _phrase(status: int) -> str:
    known = status in set(HTTPStatus)
    return HTTPStatus(status).phrase if known else ""


def _size(body: str | None) -> int:
    return 0 if body is None else len(body.encode("utf-8", "backslashreplace"))
