"""The CMS's own search of pages, pictures and documents answers whatever is typed."""

from typing import Any

import pytest
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Page
from wagtail.search import index
from wagtail.search.query import And, Not, Phrase, PlainText

from knowledge_hub.cms_search import clean
from tests.factories import EditorFactory, HomePageFactory, NewsPageFactory

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "/admin/pages/",
    "/admin/pages/search/results/",
    "/admin/choose-page/search/",
    "/admin/images/chooser/results/",
    "/admin/documents/results/",
    "/admin/redirects/results/",
)


@pytest.fixture
def editor(client: Client) -> Any:
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_question_breaks_a_search_of_the_cms(client, editor, address):
    questions = ('"', 'a "b" c"', "it's '", "\\", "(wedge* -", "a%sb", "a\x00b")

    assert {question: client.get(address, {"q": question}).status_code for question in questions} == dict.fromkeys(
        questions, 200
    )


@pytest.mark.parametrize("query", ["wedges", '"wedges', 'wedges"', '"grey wedges"', "wedges\x00"])
def test_pages_are_found_though_a_quotation_mark_has_no_partner(client, editor, query):
    home = HomePageFactory()
    news = NewsPageFactory(parent=home, title="Grey wedges")
    for page in (news, NewsPageFactory(parent=home, title="Gondolas")):
        index.insert_or_update_object(page)  # a worker's task otherwise

    found = client.get("/admin/pages/search/", {"q": query}).context["pages"]

    assert [page.pk for page in found] == [news.pk]


@pytest.mark.parametrize("model", [Page, Document])
@pytest.mark.parametrize("query", ['"', '"a', "\x00", And([PlainText('a "'), Not(Phrase('b"c'))])])
def test_code_that_searches_gets_an_answer(model, query):
    assert list(model.objects.all().search(query)) == []


def test_only_what_a_database_stumbles_over_is_taken_out():
    assert clean('an "exact phrase" and 5" tubes\x00') == "an  exact phrase  and 5  tubes"
    assert repr(clean(And([PlainText('a"b', operator="or"), Not(Phrase('c"'))]))) == repr(
        And([PlainText("a b", operator="or"), Not(Phrase("c"))])
    )
