"""One server over many networks: each run has the verdicts of one without anything in between."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import ssl
import threading
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from tests.conftest import TIMEOUT
from tests.front import Front
from tests.run.conftest import verdicts
from tests.stub import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.conftest import ReadReport, Reference, Run, StartReference, StartStub

    Reached = tuple[str, tuple[str, ...], dict[str, str]]  # base URL, options and variables

PLAIN: dict[str, str] = {}  # the verdicts of a plain connection, once they are known
TRUSTED_BY = ("option", "variable", "insecure")
# Areas with reads, writes, queries and what is deleted at the end.
CHECKS = ("--budget", "0", "-k", "(ids or user_agent or groups or requests) and not rate_limits")


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    """A certificate authority that nobody knows, and its PEM file."""
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return authority, file


@pytest.fixture
def with_tls(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    """TLS with a certificate of that authority, for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def found(run_suite: Run, report: ReadReport, reference: Reference) -> Any:
    """Return a function that runs the suite, and returns the verdicts."""
    tokens = {"PK_TOKEN": reference.token, "PK_OTHER_TOKEN": reference.other_token}

    def found(*words: str, **variables: str) -> dict[str, str]:
        run = run_suite("--name", "networks", *CHECKS, *words, **tokens, **variables)
        assert run.returncode == 0, run.stdout + run.stderr
        return verdicts(report("networks"))

    return found


@dataclasses.dataclass(frozen=True)
class Site:
    """The reference server, and what leads to it in other ways."""

    reference: Reference
    start_reference: StartReference
    authority_file: Path
    with_tls: ssl.SSLContext

    @property
    def origin(self) -> str:
        """The URL of the server without a path."""
        return self.reference.base_url.removesuffix("/v2")


@pytest.fixture
def site(
    reference: Reference,
    start_reference: StartReference,
    authority: tuple[trustme.CA, Path],
    with_tls: ssl.SSLContext,
) -> Site:
    """The server that all ways lead to, or one that is like it."""
    return Site(reference, start_reference, authority[1], with_tls)


@contextlib.contextmanager
def by_a_front(site: Site, **ways: Any) -> Iterator[Reached]:
    """Below a path, with a connection for each request, or with HTTP/1.0."""
    with Front(site.origin, **ways).serving() as front:
        yield f"http://127.0.0.1:{front.port}{front.prefix}/v2", (), {}


@contextlib.contextmanager
def by_tls(site: Site, trusted_by: str) -> Iterator[Reached]:
    """Over TLS with a certificate of a private authority, which an option or a variable names, or any."""
    file = str(site.authority_file)
    words = {"option": ("--ca-file", file), "insecure": ("--insecure",)}.get(trusted_by, ())
    variables = {"SSL_CERT_FILE": file} if trusted_by == "variable" else {}
    with Front(site.origin, context=site.with_tls).serving() as front:
        yield f"https://127.0.0.1:{front.port}/v2", words, variables


@contextlib.contextmanager
def by_a_proxy(site: Site) -> Iterator[Reached]:
    """By a proxy, which sees every request whole."""
    with Front(site.origin).serving() as front:
        yield site.reference.base_url, ("--proxy", f"http://127.0.0.1:{front.port}"), {}
        assert len(front.seen) > 100
        assert all(url.startswith(site.origin) for url in front.seen)


@contextlib.contextmanager
def by_ipv6(site: Site) -> Iterator[Reached]:
    """By IPv6, to a server with the same tokens."""
    with site.start_reference("--host", "::1") as server:
        yield server.base_url, (), {}


WAYS: dict[str, Callable[[Site], AbstractContextManager[Reached]]] = {
    "below-a-path": functools.partial(by_a_front, prefix="/some/path"),
    "closed-connections": functools.partial(by_a_front, closes=True),
    "http-1.0": functools.partial(by_a_front, version="HTTP/1.0"),
    **{f"tls-by-{name}": functools.partial(by_tls, trusted_by=name) for name in TRUSTED_BY},
    "proxy": by_a_proxy,
    "ipv6": by_ipv6,
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_verdicts_are_the_same(found: Any, site: Site, way: str) -> None:
    """Whichever way leads to the server, the verdicts are those of a plain connection."""
    with WAYS[way](site) as (base_url, words, variables):
        through = found("--base-url", base_url, *words, **variables)
    if not PLAIN:
        PLAIN.update(found("--base-url", site.reference.base_url))
    assert through == PLAIN


def test_certificate_of_the_client(
    suite: Run,
    reference: Reference,
    authority: tuple[trustme.CA, Path],
    with_tls: ssl.SSLContext,
    tmp_path: Path,
) -> None:
    """A server that asks for a certificate gets one; without it the error names the option."""
    with_tls.verify_mode = ssl.CERT_REQUIRED
    authority[0].configure_trust(with_tls)
    pem = tmp_path / "client.pem"
    authority[0].issue_cert("tester@example.org").private_key_and_cert_chain_pem.write_to_path(
        str(pem)
    )
    with Front(reference.base_url.removesuffix("/v2"), context=with_tls).serving() as front:
        target = [
            "--base-url",
            f"https://127.0.0.1:{front.port}/v2",
            "--ca-file",
            str(authority[1]),
        ]
        words = ["run", *target, "--budget", "0", "-k", "user_agent"]
        tokens = {"PK_TOKEN": reference.token}
        accepted = suite(*words, "--client-cert", str(pem), **tokens)
        rejected = suite(*words, **tokens)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert rejected.returncode == 4
    assert "give the certificate that it asks for by --client-cert" in rejected.stderr


def test_headers(suite: Run, reference: Reference, tmp_path: Path) -> None:
    """Headers of the tester go with every request; their values are written nowhere."""
    with Front(reference.base_url.removesuffix("/v2")).serving() as front:
        target = ["--base-url", f"http://127.0.0.1:{front.port}/v2"]
        headers = ["--header", "X-Gate: the-secret-of-the-gate", "--header", "X-Short: 17"]
        words = ["run", *target, *headers, "--budget", "0", "-k", "user_agent"]
        run = suite(*words, PK_TOKEN=reference.token)
    assert run.returncode == 0, run.stdout + run.stderr
    [log] = tmp_path.glob("reports/*/*/events.jsonl")
    text = log.read_text("utf-8")
    assert '"x-gate":"$HEADER_X_GATE"' in text
    assert '"x-short":"$HEADER_X_SHORT"' in text
    assert "the-secret" not in text + run.stdout + run.stderr


def test_timeout(suite: Run, stub: StartStub) -> None:
    """A server that takes longer than the tester wants to wait is given up."""
    released = threading.Event()

    def script(_: Request) -> Response:
        released.wait(TIMEOUT)
        return Response("{}")

    words = ("--base-url", stub(script).base_url, "--timeout", "0.2", "-k", "user_agent")
    run = suite("run", *words, PK_TOKEN="any")  # noqa: S106 not a real one
    released.set()
    assert run.returncode == 4
    assert "ReadTimeout: timed out" in run.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--ca-file", "missing.pem"], "--ca-file: cannot read the file: No such file"),
        (["--ca-file", "words.pem"], "--ca-file: not a PEM file of its kind"),
        (["--client-cert", "words.pem"], "--client-cert: not a PEM file of its kind"),
        (["--client-key", "words.pem"], "--client-key needs the certificate"),
        (["--timeout", "soon"], "argument --timeout: 'soon' is no time to wait: give seconds"),
        (["--timeout", "0"], "argument --timeout: '0' is no time to wait: give seconds"),
        (["--proxy", "nowhere"], "--proxy is no URL of a proxy"),
        (["--header", "no colon"], "--header is not of the form 'Name: value'"),
    ],
)
def test_options_that_cannot_be_used(
    suite: Run, tmp_path: Path, words: list[str], message: str
) -> None:
    """What is wrong with an option is one line that names it."""
    (tmp_path / "words.pem").write_text("words")
    run = suite("run", "--base-url", "https://127.0.0.1:1/v2", *words, PK_TOKEN="any")  # noqa: S106 not a real one
    assert run.returncode == 4
    assert run.stderr.startswith(f"error: {message}")
    assert run.stderr.count("\n") == 1
