"""Other sites are asked politely, and nothing but the public web is asked at all. Real servers, real sockets."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from publications.links import outside
from publications.links.outside import Answer, check_address, is_public
from publications.models.links import LinkProblem

BODY_BYTES = 256 << 20
"""What whoever reads bodies gets from a test's site: far more than the system holds for a socket by itself."""


class Site(ThreadingHTTPServer):
    """A site that answers by the path, and remembers what it was asked and how much of its answers it got rid of."""

    scheme = "http"
    asked: list[tuple[str, str]]
    agents: set[str]
    body_begun: threading.Event
    sent_bytes = 0

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}{path}"


class Answers(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.agents.add(self.headers["User-Agent"])
        kind, _slash, rest = self.path.strip("/").partition("/")
        if kind == "no-head" and self.command == "HEAD":
            kind = "405"
        elif kind == "no-head":
            kind, _slash, rest = rest.partition("/")
        if kind == "cut":
            self.connection.close()
        elif kind == "drip":
            self.drip()
        else:
            self.answer_with_body(kind, rest)

    def answer_with_body(self, kind: str, rest: str) -> None:
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
        elif kind in ("around", "slow"):
            time.sleep(0.25 if kind == "slow" else 0)
            self.send_response(301)
            self.send_header("Location", self.path)
        else:
            self.send_response(int(kind) if kind.isdigit() else 200)
        self.send_header("Content-Length", str(BODY_BYTES))
        self.end_headers()
        if self.command == "GET":
            self.pour()

    def pour(self) -> None:
        """A body that nobody should wait for."""
        piece = bytes(1 << 20)
        self.server.body_begun.set()
        with suppress(OSError):
            while self.server.sent_bytes < BODY_BYTES:
                self.wfile.write(piece)
                self.server.sent_bytes += len(piece)

    def drip(self) -> None:
        """A header that never ends, one byte at a time, each before any timeout."""
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _byte in range(400):
                self.wfile.write(b"x")
                time.sleep(0.02)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(*, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Answers)
    server.asked, server.agents, server.body_begun = [], set(), threading.Event()
    if tls:
        server.scheme, server.socket = "https", tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as server:
        yield server


def certificate(folder: Path, number: str) -> Path:
    """A certificate for a number, and its key, signed by nobody but itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(tz=UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(number))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = folder / f"{number}.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem))
    return path


@contextmanager
def serving_tls(path: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with serving(tls=context) as server:
        yield server


@pytest.fixture
def local_is_public(monkeypatch, site):
    """This machine's own servers stand in for the public web."""
    monkeypatch.setattr(outside, "is_public", lambda number: number == "127.0.0.1")
    monkeypatch.setattr(outside, "PORTS", {site.server_port})


def test_a_page_is_asked_for_by_head_alone_and_by_name(site, local_is_public, settings):
    settings.BASE_URL = "https://hub.example"

    assert check_address(site.url("/200")) == Answer(None, 200)
    assert site.asked == [("HEAD", "/200")]
    [agent] = site.agents
    assert "https://hub.example" in agent


def test_a_site_that_takes_no_head_is_asked_by_get(site, local_is_public):
    assert check_address(site.url("/no-head")) == Answer(None, 200)
    assert [method for method, _path in site.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/404", Answer(LinkProblem.GONE, 404)),
        ("/410", Answer(LinkProblem.GONE, 410)),
        ("/400", Answer(LinkProblem.REFUSED, 400)),
        ("/500", Answer(LinkProblem.FAILS, 500)),
        ("/403", Answer(None, 403)),
        ("/429", Answer(None, 429)),
        ("/around", Answer(LinkProblem.REDIRECTS, None)),
        ("/cut", Answer(LinkProblem.NO_ANSWER, None)),
    ],
)
def test_an_answer_is_judged(site, local_is_public, path, answer):
    assert check_address(site.url(path)) == answer


@pytest.mark.parametrize("way", ["/to/", "/no-head/to/"])
def test_a_redirect_is_followed_to_its_answer(site, local_is_public, way):
    assert check_address(site.url(way + site.url("/404"))) == Answer(LinkProblem.GONE, 404)
    assert check_address(site.url(f"{way}/200")) == Answer(None, 200)


@pytest.mark.parametrize("path", ["/no-head/200", "/no-head/404", "/no-head/to//no-head/200", "/no-head/around"])
def test_no_body_is_read_not_even_that_of_a_redirect(site, local_is_public, path):
    check_address(site.url(path))

    assert ("GET", path) in site.asked
    assert site.body_begun.wait(timeout=60)
    assert site.sent_bytes < BODY_BYTES / 2


@pytest.mark.parametrize("path", ["/drip", "/to//drip", "/no-head/drip"])
def test_a_site_that_drips_is_cut_off(site, local_is_public, settings, path):
    """Each byte comes in time; together they take eight seconds by HEAD, and as many by GET."""
    settings.LINK_TIMEOUT_SECONDS = 0.3
    started = time.monotonic()

    answer = check_address(site.url(path))

    assert answer == Answer(LinkProblem.NO_ANSWER)
    assert time.monotonic() - started < 3


def test_a_site_that_drips_through_tls_is_cut_off(local_is_public, monkeypatch, settings, tmp_path):
    path = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(path))
    settings.LINK_TIMEOUT_SECONDS = 0.3
    with serving_tls(path) as site:
        monkeypatch.setattr(outside, "PORTS", {site.server_port})
        started = time.monotonic()

        answer = check_address(site.url("/drip"))

        assert (answer, site.asked) == (Answer(LinkProblem.NO_ANSWER), [("HEAD", "/drip")])
        assert time.monotonic() - started < 3


def test_redirects_together_take_no_longer_than_one_link_may(site, local_is_public, settings):
    """Each answer comes in time and leads on; six of them by HEAD and six by GET would take three seconds."""
    settings.LINK_TIMEOUT_SECONDS = 0.3
    started = time.monotonic()

    answer = check_address(site.url("/slow"))

    assert answer == Answer(LinkProblem.NO_ANSWER)
    assert len(site.asked) < outside.MOST_REDIRECTS
    assert time.monotonic() - started < 2


def test_a_site_that_says_nothing_is_given_up(local_is_public, monkeypatch, settings):
    settings.LINK_TIMEOUT_SECONDS = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(outside, "PORTS", {port})

        assert check_address(f"http://127.0.0.1:{port}/") == Answer(LinkProblem.NO_ANSWER)


def test_a_site_that_is_not_there_does_not_answer(local_is_public, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setattr(outside, "PORTS", {port})

    assert check_address(f"http://127.0.0.1:{port}/") == Answer(LinkProblem.NO_ANSWER)


def test_a_site_without_encryption_where_it_says_it_has_some(site, local_is_public):
    """It has no certificate that could be wrong."""
    assert check_address(site.url("/200").replace("http:", "https:")) == Answer(LinkProblem.NO_ANSWER)


@pytest.mark.parametrize(
    ("number", "is_trusted", "answer"),
    [
        ("127.0.0.1", True, Answer(None, 200)),
        ("127.0.0.1", False, Answer(LinkProblem.CERTIFICATE)),
        ("127.0.0.9", True, Answer(LinkProblem.CERTIFICATE)),
    ],
)
def test_a_certificate_must_be_of_somebody_known_and_of_that_site(
    local_is_public, monkeypatch, tmp_path, number, is_trusted, answer
):
    path = certificate(tmp_path, number)
    if is_trusted:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(path))
    with serving_tls(path) as site:
        monkeypatch.setattr(outside, "PORTS", {site.server_port})

        assert check_address(site.url("/200")) == answer


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (socket.EAI_NONAME, LinkProblem.NO_SUCH_HOST),
        (socket.EAI_NODATA, LinkProblem.NO_SUCH_HOST),
        (socket.EAI_AGAIN, LinkProblem.NO_ANSWER),
        (socket.EAI_FAIL, LinkProblem.NO_ANSWER),
    ],
)
def test_only_a_name_that_nobody_has_is_a_site_that_does_not_exist(monkeypatch, number, problem):
    """A name server that is down for a minute says nothing of the site."""

    def look_up(*args: object, **kwargs: object) -> object:
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    assert check_address("http://site.example/") == Answer(problem)


def test_a_name_that_cannot_be_one():
    assert check_address(f"http://{'x' * 64}.example/").problem in (LinkProblem.NO_SUCH_HOST, LinkProblem.NOT_PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/admin/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
        "http://user:secret@203.0.113.7/",
        "https://1.1.1.1:22/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "http://[x",
        "https://1.1.1.1:port/",
        "https://1.1.1.1:99999/",
    ],
)
def test_what_is_not_the_public_web_is_not_asked(url, monkeypatch):
    monkeypatch.setattr(outside, "create_connection", no_connection)

    assert check_address(url) == Answer(LinkProblem.NOT_PUBLIC)


def no_connection(*args: object, **kwargs: object) -> None:
    raise AssertionError("a connection was made")


def test_a_redirect_into_our_network_is_not_followed(site, monkeypatch):
    """The first address counts as public, the second does not."""
    monkeypatch.setattr(outside, "PORTS", {site.server_port})
    monkeypatch.setattr(outside, "is_public", lambda number: number == "127.0.0.1")

    answer = check_address(site.url(f"/to/http://127.0.0.2:{site.server_port}/200"))

    assert answer == Answer(LinkProblem.NOT_PUBLIC)
    assert {path for _method, path in site.asked} == {f"/to/http://127.0.0.2:{site.server_port}/200"}


def test_a_name_with_one_number_of_ours_is_not_asked(monkeypatch):
    """A name that answers with a public and a private number, or with another one each time (DNS rebinding)."""
    numbers = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: numbers)
    monkeypatch.setattr(outside, "create_connection", no_connection)

    assert check_address("http://rebinding.example/") == Answer(LinkProblem.NOT_PUBLIC)


def test_the_number_that_was_looked_at_is_the_one_that_is_connected_to(site, local_is_public, monkeypatch):
    """Nobody asks for the name a second time: an answer of now could be another."""
    real, asked = socket.getaddrinfo, []

    def look_up(host: str, *args: object, **kwargs: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if host == "site.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    assert check_address(site.url("/200").replace("127.0.0.1", "site.example")) == Answer(None, 200)
    assert asked.count("site.example") == 1


def test_no_proxy_of_the_environment_does_the_looking_up(site, local_is_public, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert check_address(site.url("/200")) == Answer(None, 200)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::5db8:d70e", False),
        ("64:ff9b:1:ffff::1", False),
        ("2002:7f00:1::", False),
        ("::", False),
        ("255.255.255.255", False),
    ],
)
def test_numbers_of_the_public_internet(number, expected):
    assert is_public(number) is expected
