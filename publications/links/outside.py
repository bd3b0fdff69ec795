"""Whether an address of another site answers. Nothing but the public web is asked, and nothing is read of the answer.

Addresses come from what people wrote, so each connection is made to a number that was looked up and found public right
before: neither a name that points into our own network nor a redirect to one is followed.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from publications.models.links import LinkProblem

PORTS = {80, 443, 8000, 8080, 8443}
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
CLOSED = (401, 402, 403, 405, 406, 407, 408, 412, 423, 425, 429, 451, 501, 999)
"""The page may well be there, for others than us: it is not said to be broken."""


@dataclass(frozen=True)
class Answer:
    """What came of asking: nothing is wrong where `problem` is empty."""

    problem: LinkProblem | None = None
    status: int | None = None


class NotPublic(HTTPError):
    """An address that is not of the public web."""


class NameUnknown(HTTPError):
    """A host that has no number."""


def check_address(url: str) -> Answer:
    """Ask whether an address answers: by HEAD, and by GET where that is refused. Never raises."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy would do the looking up for us
        session.mount("http://", PublicAdapter())
        session.mount("https://", PublicAdapter())
        answer = _ask(session, "HEAD", url)
        is_refused = answer.problem == LinkProblem.NO_ANSWER or (answer.status or 0) >= 400
        return _ask(session, "GET", url) if is_refused else answer


def _ask(session: requests.Session, method: str, url: str) -> Answer:
    try:
        return _follow(session, method, url)
    except (requests.RequestException, HTTPError, ValueError, OSError) as error:
        return Answer(_what_went_wrong(error))


def _follow(session: requests.Session, method: str, url: str) -> Answer:
    for _redirect in range(MOST_REDIRECTS + 1):
        check_is_web_address(url)
        # Streamed and closed: however large the body is, none of it is read.
        with session.request(
            method,
            url,
            headers={"User-Agent": user_agent(), "Accept": "*/*"},
            timeout=settings.LINK_TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            status, location = response.status_code, response.headers.get("Location")
        if status not in REDIRECTS or not location:
            return Answer(problem_of(status), status)
        url = urljoin(url, location)
    return Answer(LinkProblem.REDIRECTS)


def problem_of(status: int) -> LinkProblem | None:
    """What an answer's number says of the address."""
    if status < 400 or status in CLOSED:
        return None
    if status in GONE:
        return LinkProblem.GONE
    return LinkProblem.REFUSED if status < 500 else LinkProblem.FAILS


def _what_went_wrong(error: Exception) -> LinkProblem:
    causes = _causes(error)
    if any(isinstance(cause, (NotPublic, requests.exceptions.InvalidURL)) for cause in causes):
        return LinkProblem.NOT_PUBLIC
    if any(isinstance(cause, NameUnknown) for cause in causes):
        return LinkProblem.NO_SUCH_HOST
    if any(isinstance(cause, requests.exceptions.SSLError) for cause in causes):
        return LinkProblem.CERTIFICATE
    return LinkProblem.NO_ANSWER


def _causes(error: BaseException) -> list[Any]:
    """The error with those that it was raised for, and those that urllib3 keeps as its reason."""
    found: list[Any] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found


def check_is_web_address(url: str) -> None:
    """Raises NotPublic for anything but http and https on a usual port, and for an address with a password in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise NotPublic(url)
    if parts.port is not None and parts.port not in PORTS:
        raise NotPublic(url)


def public_numbers(host: str, port: int) -> list[str]:
    """The IP numbers of a host. Raises NotPublic where one of them is not of the public internet."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(host) from error
    numbers = [str(address[0]).partition("%")[0] for *_kind, address in found]
    if not numbers or not all(is_public(number) for number in numbers):
        raise NotPublic(host)
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP number is of the public internet, also where it stands in for one of IPv4."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if not inner and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _ToPublicNumbers:
    """A connection to a number that was found public; the name goes on being what the certificate must say."""

    host: str
    port: int
    timeout: Any
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        number, *_others = public_numbers(self.host, self.port)
        try:
            return create_connection((number, self.port), self.timeout, socket_options=self.socket_options)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]


class PublicHTTPConnection(_ToPublicNumbers, HTTPConnection):
    """One without encryption."""


class PublicHTTPSConnection(_ToPublicNumbers, HTTPSConnection):
    """One with it."""


class PublicHTTPPool(HTTPConnectionPool):
    """Connections of the first kind."""

    ConnectionCls = PublicHTTPConnection


class PublicHTTPSPool(HTTPSConnectionPool):
    """Connections of the second kind."""

    ConnectionCls = PublicHTTPSConnection


class PublicAdapter(HTTPAdapter):
    """What makes a session of `requests` connect to the public internet alone."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PublicHTTPPool, "https": PublicHTTPSPool}


def user_agent() -> str:
    """Who asks, what for, and whom to write to."""
    return f"KnowledgeHub-LinkCheck/0.1 (+{settings.BASE_URL}; {settings.LOOKUP_CONTACT})"
