from datetime import timedelta

import pytest
from django.core import signing
from django.utils.encoding import iri_to_uri

from publications.confirming import read_link, sign_link
from publications.errors import LinkExpired, LinkInvalid

HOUR = timedelta(hours=1)


def test_a_link_gives_its_key_back():
    assert read_link("contact.confirm", sign_link("contact.confirm", 12), lifetime=HOUR) == "12"
    assert iri_to_uri(sign_link("contact.confirm", 12)) == sign_link("contact.confirm", 12)


def test_a_link_is_good_for_one_purpose():
    with pytest.raises(LinkInvalid):
        read_link("contact.erase", sign_link("contact.confirm", 12), lifetime=HOUR)


def test_a_link_ends(monkeypatch):
    link = sign_link("contact.confirm", 12)
    later = signing.time.time() + 3601
    monkeypatch.setattr(signing.time, "time", lambda: later)

    with pytest.raises(LinkExpired):
        read_link("contact.confirm", link, lifetime=HOUR)
    assert read_link("contact.confirm", link, lifetime=None) == "12"


@pytest.mark.parametrize(
    "change", [lambda link: link[:-1], lambda link: "x" + link, lambda link: "", lambda link: "ü:\x00"]
)
def test_a_link_that_was_changed_is_none(change):
    with pytest.raises(LinkInvalid):
        read_link("contact.confirm", change(sign_link("contact.confirm", 12)), lifetime=HOUR)
