"""Other sites are asked politely, and nothing but the public web is asked at all. Real servers, real sockets."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from publications.links import outside
from publications.links.outside import Answer, check_address, is_public
from publications.models.links import LinkProblem


class Site(ThreadingHTTPServer):
    """A site that answers by the path, and remembers what it was asked."""

    asked: list[tuple[str, str]]
    agents: set[str]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


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
            self.send_response(405)
        elif kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
        elif kind == "around":
            self.send_response(301)
            self.send_header("Location", self.path)
        elif kind == "cut":
            self.connection.close()
            return
        else:
            self.send_response(int(kind) if kind.isdigit() else 200)
        self.send_header("Content-Length", str(10**12))  # a body that nobody should wait for
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Answers)
    server.asked, server.agents = [], set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


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


def test_a_redirect_is_followed_to_its_answer(site, local_is_public):
    assert check_address(site.url("/to/" + site.url("/404"))) == Answer(LinkProblem.GONE, 404)
    assert check_address(site.url("/to//200")) == Answer(None, 200)


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
    assert check_address(site.url("/200").replace("http:", "https:")) == Answer(LinkProblem.CERTIFICATE)


def test_a_name_that_nobody_has():
    assert check_address("http://nobody.invalid/") == Answer(LinkProblem.NO_SUCH_HOST)


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
        ("2002:7f00:1::", False),
        ("::", False),
        ("255.255.255.255", False),
    ],
)
def test_numbers_of_the_public_internet(number, expected):
    assert is_public(number) is expected


def test_certificates_are_checked():
    """The adapter must not have switched that off: urllib3's default asks for a certificate and its name."""
    pool = outside.PublicAdapter().poolmanager.connection_from_url("https://a.example/")

    assert isinstance(pool, outside.PublicHTTPSPool)
    assert pool.cert_reqs is None or pool.cert_reqs == ssl.CERT_REQUIRED
