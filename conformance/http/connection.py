"""How the client reaches a server: certificates, a proxy, and headers that every request carries."""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of an environment variable that other HTTP clients read, too.
CA_VARIABLE = "SSL_CERT_FILE"
TIMEOUT = 10.0  # seconds
SHORTEST_SECRET = 8  # characters


class ConnectionOptionError(ValueError):
    """An option cannot be used; the text is one line that names it."""


@dataclasses.dataclass(frozen=True)
class Connection:
    """Paths of PEM files; whether any certificate will do; the URL of a proxy; headers, whose values do not show in its text form.

    `timeout` is the seconds between two reads of a response.
    """

    ca_file: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    insecure: bool = False
    proxy: str | None = None
    timeout: float = TIMEOUT
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)

    @property
    def variables(self) -> dict[str, str]:
        """The names that stand for the values of headers in everything written, by header in lower case."""
        return {
            name.lower(): "$HEADER_" + re.sub(r"\W", "_", name).upper() for name in self.headers
        }

    @property
    def secrets(self) -> dict[str, str]:
        """What may be secret, by the names that replace it; a value so short that it may stand anywhere is not looked for."""
        long = {
            name: value for name, value in self.headers.items() if len(value) >= SHORTEST_SECRET
        }
        headers = {self.variables[name.lower()]: value for name, value in long.items()}
        password = urlsplit(self.proxy or "").password
        return headers | ({"$PROXY_PASSWORD": password} if password else {})

    def transport_proxy(self) -> httpx.Proxy | None:
        """Return the proxy, if there is one.

        Raises:
            ConnectionOptionError: it is no URL of a proxy.

        """
        try:
            return httpx.Proxy(self.proxy) if self.proxy else None
        except (httpx.InvalidURL, ValueError):
            message = "--proxy is no URL of a proxy: give one like http://127.0.0.1:3128"
            raise ConnectionOptionError(message) from None

    def ssl_context(self) -> ssl.SSLContext:
        """Return what verifies the server, and has the certificate of the client.

        Raises:
            ConnectionOptionError: a file cannot be read, or is no PEM file of its kind.

        """
        ca_file = self.ca_file or os.environ.get(CA_VARIABLE)
        option = "--ca-file" if self.ca_file else CA_VARIABLE
        try:
            context = (
                ssl.create_default_context(cafile=ca_file)
                if ca_file
                else httpx.create_ssl_context(trust_env=False)
            )
            if self.insecure:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            if self.client_cert:
                option = "--client-cert"
                context.load_cert_chain(
                    self.client_cert, self.client_key, password=""
                )  # or OpenSSL would ask for one
        except ssl.SSLError as problem:
            message = (
                f"{option}: not a PEM file of its kind ({problem.reason or 'no certificate found'})"
            )
            raise ConnectionOptionError(message) from None
        except OSError as problem:
            message = f"{option}: cannot read the file: {problem.strerror}"
            raise ConnectionOptionError(message) from None
        return context


DIRECT = Connection()
