"""Whether an address of another site answers. Nothing but the public web is asked, and nothing is read of the answer.

Addresses come from what people wrote, so each connection is made to a number that was looked up and found public right
before: neither a name that points into our own network nor a redirect to one is followed.
"""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from publications.links.deadlines import Deadline
from publications.models.links import LinkProblem

PORTS = {80, 443, 8000, 8080, 8443}
MOST_REDIRECTS = 5
TIMEOUTS_PER_LINK = 3
"""How long a link is looked at in all, redirects included, in times that a site may take to answer."""
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
CLOSED = (401, 402, 403, 405, 406, 407, 408, 412, 423, 425, 429, 451, 501, 999)
"""The page may well be there, for others than us: it is not said to be broken."""
UNKNOWN = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
"""What a resolver says where there is no such host; anything else is its own trouble, and may be over in a minute."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""Where a network without IPv4 finds the sites that have nothing else: their number stands in the last four bytes."""
TRANSLATED_HERE = ipaddress.ip_network("64:ff9b:1::/48")
"""The same within one network (RFC 8215): where that ends is its own affair, though Python 3.11 calls it public."""


@dataclass(frozen=True)
class Answer:
    """What came of asking: nothing is wrong where `problem` is empty."""

    problem: LinkProblem | None = None
    status: int | None = None


class NotPublic(HTTPError):
    """An address that is not of the public web."""


class NameUnknown(HTTPError):
    """A host that has no number."""


class OneAnswerSession(requests.Session):
    """A session that takes each answer as it is.

    `requests` reads the whole body of a redirect to learn where it leads, even one that it is told not to follow.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def longest_seconds() -> float:
    """How long looking at one link may take. Looking up a name comes on top of it: the system gives that up itself."""
    return TIMEOUTS_PER_LINK * settings.LINK_TIMEOUT_SECONDS


def check_address(url: str) -> Answer:
    """Ask whether an address answers: by HEAD, and by GET where that is refused. Never raises."""
    with Deadline(longest_seconds()) as deadline, OneAnswerSession() as session:
        session.trust_env = False  # a proxy would do the looking up for us
        session.mount("http://", PublicAdapter(deadline))
        session.mount("https://", PublicAdapter(deadline))
        answer = _ask(session, "HEAD", url, deadline)
        is_refused = answer.problem == LinkProblem.NO_ANSWER or (answer.status or 0) >= 400
        return _ask(session, "GET", url, deadline) if is_refused else answer


def _ask(session: requests.Session, method: str, url: str, deadline: Deadline) -> Answer:
    try:
        return _follow(session, method, url, deadline)
    except (requests.RequestException, HTTPError, ValueError, OSError) as error:
        return Answer(_what_went_wrong(error))


def _follow(session: requests.Session, method: str, url: str, deadline: Deadline) -> Answer:
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
        deadline.check()  # an answer that was cut off may look whole
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
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
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
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # "http://[x", "http://x:port"
        raise NotPublic(url) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise NotPublic(url)
    if port is not None and port not in PORTS:
        raise NotPublic(url)


def public_numbers(host: str, port: int) -> list[str]:
    """The IP numbers of a host.

    Raises NotPublic where one of them is not of the public internet, NameUnknown where there is no such host, and
    OSError where nobody can tell just now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise NameUnknown(host) from error
    except socket.gaierror as error:
        if error.errno in UNKNOWN:
            raise NameUnknown(host) from error
        raise
    numbers = [str(address[0]).partition("%")[0] for *_kind, address in found]
    if not numbers or not all(is_public(number) for number in numbers):
        raise NotPublic(host)
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP number is of the public internet, also where it stands in for one of IPv4."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        if address in TRANSLATED_HERE:
            return False
        translated = ipaddress.IPv4Address(address.packed[-4:]) if address in TRANSLATED else None
        inner = translated or address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner:
            return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast


class _ToPublicNumbers:
    """A connection to a number that was found public; the name goes on being what the certificate must say."""

    host: str
    port: int
    timeout: Any
    socket_options: Any

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadline = deadline

    def _new_conn(self) -> socket.socket:
        self.deadline.check()
        try:
            number, *_others = public_numbers(self.host, self.port)
            new = create_connection((number, self.port), self.timeout, socket_options=self.socket_options)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]
        self.deadline.watch(new)
        return new


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
    """What makes a session of `requests` connect to the public internet alone, and for so long."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **kwargs)
        classes: dict[str, Any] = {
            "http": partial(PublicHTTPPool, deadline=self.deadline),
            "https": partial(PublicHTTPSPool, deadline=self.deadline),
        }
        self.poolmanager.pool_classes_by_scheme = classes


def user_agent() -> str:
    """Who asks, what for, and whom to write to."""
    return f"KnowledgeHub-LinkCheck/0.1 (+{settings.BASE_URL}; {settings.LOOKUP_CONTACT})"
