import re
import threading
from html import unescape

import pytest
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st

from publications.citations import STYLES, cite
from publications.metadata import Agent, RecordMetadata
from publications.vocabularies import ResourceType

PEOPLE = (Agent("van der Hoeven", "Marieke Anna"), Agent("King Jr.", "Martin Luther"), Agent("Jansen", "Jan-Piet"))
ARTICLE = RecordMetadata(
    title="Steerable filters: rotation in brain images",
    resource_type="journal_article",
    language="en",
    agents=PEOPLE,
    issued="2019-06-17",
    container_title="Medical Imaging",
    volume="12",
    issue="3",
    page="15-26",
    doi="10.1000/xyz",
    url="https://example.org/records/x/",
)
STYLE_IDS = [style.id for style in STYLES]


def text_of(record: RecordMetadata, style: str = "apa", locale: str = "en") -> str:
    return unescape(strip_tags(cite(record, style=style, locale=locale)))


def test_apa_in_full():
    assert cite(ARTICLE) == (
        "van der Hoeven, M. A., King, M. L., Jr., &amp; Jansen, J.-P. (2019). "
        "Steerable filters: rotation in brain images. <i>Medical Imaging</i>, <i>12</i>(3), 15–26. "
        '<a href="https://doi.org/10.1000/xyz">https://doi.org/10.1000/xyz</a>'
    )


@pytest.mark.parametrize(
    ("style", "locale", "citation"),
    [
        (
            "vancouver",
            "en",
            "van der Hoeven MA, King ML Jr., Jansen JP. Steerable filters: rotation in brain images. "
            "Medical Imaging. 2019 Jun 17;12(3):15–26. doi:10.1000/xyz",
        ),
        (
            "ieee",
            "nl",
            "M. A. van der Hoeven, M. L. King Jr., en J.-P. Jansen, “Steerable filters: rotation in brain images”, "
            "Medical Imaging, vol. 12, nr. 3, pp. 15-26, jun. 2019, doi: 10.1000/xyz.",
        ),
        (
            "chicago",
            "en",
            "Hoeven, Marieke Anna van der, Martin Luther King Jr., and Jan-Piet Jansen. 2019. "
            "‘Steerable Filters: Rotation in Brain Images’. Medical Imaging 12 (3): 15–26. https://doi.org/10.1000/xyz.",
        ),
    ],
)
def test_other_styles_in_full(style, locale, citation):
    assert text_of(ARTICLE, style, locale) == citation


@pytest.mark.parametrize("locale", ["nl", "nl-NL", "NL"])
def test_dutch_dates_and_words(locale):
    slides = RecordMetadata(
        title="Scherper", resource_type="slides", language="nl", agents=PEOPLE[:1], issued="2019-06-17"
    )
    book = RecordMetadata(title="Een boek", resource_type="book", agents=(Agent("Jansen", "J.", role="Editor"),))

    assert "(2019, 17 juni)" in text_of(slides, locale=locale)
    assert text_of(book, locale=locale) == "Jansen, J. (red.). (z.d.). Een boek."


def test_an_unknown_language_of_the_site_is_answered_in_english():
    assert text_of(RecordMetadata(title="T"), locale="fr") == "T. (n.d.)."


def test_a_style_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        cite(ARTICLE, style="mla")


@pytest.mark.parametrize("style", STYLE_IDS)
def test_titles_of_other_languages_keep_their_capitals(style):
    for language in ("nl", "und"):
        record = RecordMetadata(title="Scherper kijken naar de MRI", language=language, agents=PEOPLE, issued="2019")

        assert "Scherper kijken naar de MRI" in text_of(record, style)


def test_slides_are_marked_as_slides():
    record = RecordMetadata(title="T", resource_type="slides", agents=PEOPLE[:1], issued="2019", event_title="CMI day")

    assert text_of(record) == "van der Hoeven, M. A. (2019). T [Slides]. CMI day."
    assert "[Slides]" in text_of(record, "vancouver")


def test_without_author_the_title_stands_first_and_once():
    record = RecordMetadata(
        title="Minutes of the round table", resource_type="minutes", issued="2024", publisher="CMI-NEN"
    )

    for style in STYLE_IDS:
        citation = text_of(record, style)
        assert citation.lstrip("‘").lower().startswith("minutes of the round table")
        assert citation.lower().count("minutes of the round table") == 1
        assert "2024" in citation


def test_editors_who_stand_first_are_not_named_again():
    record = RecordMetadata(title="A book", resource_type="book", agents=(Agent("Jansen", "Jan", role="Editor"),))

    assert text_of(record) == "Jansen, J. (ed.). (n.d.). A book."
    assert text_of(record, "vancouver") == "Jansen J, editor. A book."


def test_an_organisation_of_one_word_is_an_author():
    record = RecordMetadata(title="T", agents=(Agent("Siemens", is_organisation=True),), issued="2019")

    assert text_of(record) == "Siemens. (2019). T."


def test_names_that_have_no_initials_are_left_whole():
    agents = (Agent("李", "明"), Agent("boyd", "danah"), Agent("Jansen", "Jan (Jan)"), Agent("Plato"))

    assert text_of(RecordMetadata(title="T", agents=agents, issued="2019")) == (
        "李 明, boyd, danah, Jansen, J., & Plato. (2019). T."
    )


def test_three_hundred_authors_are_shortened():
    agents = tuple(Agent(f"Name{number}", "A.") for number in range(300))

    citation = text_of(RecordMetadata(title="T", agents=agents, issued="2019"))

    assert citation.startswith("Name0, A., Name1, A.,")
    assert citation.endswith("Name18, A., … Name299, A. (2019). T.")


def test_a_record_without_doi_links_to_its_page():
    record = RecordMetadata(title="T", agents=PEOPLE[:1], issued="2019", url="https://example.org/?a=1&b=2")

    assert cite(record).endswith('<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>')


def test_an_address_that_is_no_web_address_is_no_link():
    assert "<a" not in cite(RecordMetadata(title="T", url="javascript:alert(1)"))


@pytest.mark.parametrize("style", STYLE_IDS)
@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_every_type_is_cited_in_every_style_with_all_or_nothing_known(style, resource_type):
    full = RecordMetadata(
        **{**vars(ARTICLE), "resource_type": resource_type, "event_title": "E", "event_place": "P", "publisher": "Q"},
    )

    for locale in ("en", "nl"):
        assert "rotation in brain images" in text_of(full, style, locale).lower()
        assert text_of(RecordMetadata(title="Alone", resource_type=resource_type), style, locale).count("Alone") == 1


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(min_size=1, max_size=40),
    family=st.text(max_size=12),
    given_name=st.text(max_size=12),
    publisher=st.sampled_from(
        ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "A & B", "$x<y$", "\ue001b"]
    ),
    style=st.sampled_from(STYLE_IDS),
    locale=st.sampled_from(["en", "nl"]),
)
def test_nothing_in_a_record_becomes_markup(title, family, given_name, publisher, style, locale):
    record = RecordMetadata(
        title=title,
        resource_type="report",
        agents=(Agent(family, given_name),),
        publisher=publisher,
        url="https://e.org/",
    )

    html = cite(record, style=style, locale=locale)

    without_links = re.sub(r'<a href="https://e\.org/">|</a>', "", html)
    assert not re.search(r"<(?!/?(?:i|b|sup|sub)>)", without_links)
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", without_links)


def test_threads_share_the_styles():
    records = [
        RecordMetadata(**{**vars(ARTICLE), "title": f"Title {number}", "language": "nl"}) for number in range(40)
    ]
    found: dict[int, str] = {}

    def work(start: int) -> None:
        for number in range(start, 40, 4):
            found[number] = cite(records[number], style="chicago")

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(f"Title {number}" in found[number] for number in range(40))
