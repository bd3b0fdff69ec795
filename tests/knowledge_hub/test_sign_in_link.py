"""The link to the sign-in page, on every page."""

import re

import pytest

pytestmark = pytest.mark.django_db


def link_on(client, address):
    content = client.get(address).content.decode()
    return re.search(r'href="(/en/login/[^"]*)"[^>]*>Sign in', content)[1]


def test_it_leads_back_to_the_page_that_one_was_on(client):
    assert link_on(client, "/en/search/?q=lung") == "/en/login/?next=%2Fen%2Fsearch%2F%3Fq%3Dlung"


def test_on_the_sign_in_page_it_keeps_the_way_back_and_grows_no_longer(client):
    address = "/en/login/?next=%2Fen%2Fpeople%2F"

    assert link_on(client, address) == address
    assert link_on(client, "/en/login/") == "/en/login/"
