"""What goes out in a format comes back the same, whatever is in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publications.formats import FORMATS, bibtex
from publications.formats.base import clean, full_title
from publications.metadata import Agent, RecordMetadata
from publications.vocabularies import ResourceType

READABLE = [pytest.param(known, id=known.name) for known in FORMATS if known.loads]

# Anything at all, and what formats give a meaning to.
LATEX = ["{", "}", "\\", "$", "$x$", "%", "&", "#", "_", "^", "~", "--", "---", "``", "''", "!`", "\\'e", "\\begin{x}"]
SYNTAX = [
    '"',
    "'",
    ",",
    ";",
    ":",
    " and ",
    "others",
    "@article{x,",
    "TY  - JOUR",
    "ER  - ",
    "<i>",
    "&amp;",
    "=1+1",
    "#1",
]
CHARACTERS = ["\n", "\r\n", "\n\n", "\t", "é", "e\u0301", "\u00a0", "\u2028", "\x00", "\ufeff", "𝒪", "日本", "א"]
hostile = st.sampled_from([*LATEX, *SYNTAX, *CHARACTERS])
texts = st.lists(st.one_of(st.text(max_size=12), hostile), max_size=6).map("".join)
titles = texts.map(clean).filter(lambda text: text.strip("'") != "")
# A name has no braces, backslashes or markup in it.
names = (
    st.lists(
        st.one_of(st.text(st.characters(categories=["L", "Mn"]), max_size=8), st.sampled_from([" ", "-", "'", ". "]))
    )
    .map("".join)
    .map(clean)
    .filter(lambda name: any(character.isalpha() for character in name))
)
people = st.builds(Agent, family_name=names, given_name=st.one_of(st.just(""), names))
organisations = st.builds(Agent, family_name=names, is_organisation=st.just(True))
dates = st.one_of(
    st.just(""),
    st.integers(1000, 9999).map(str),
    st.dates().filter(lambda day: day.year >= 1000).map(lambda day: day.isoformat()[:7]),
    st.dates().filter(lambda day: day.year >= 1000).map(lambda day: day.isoformat()),
)
dois = st.one_of(
    st.just(""),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"], exclude_characters='"'), min_size=1).map(
        lambda suffix: f"10.1000/{suffix.lower()}"
    ),
)
records = st.builds(
    RecordMetadata,
    title=titles,
    resource_type=st.sampled_from(ResourceType.values),
    agents=st.lists(st.one_of(people, organisations), max_size=4).map(tuple),
    issued=dates,
    doi=dois,
    abstract=texts,
    container_title=texts,
    subjects=st.lists(texts, max_size=3).map(tuple),
)


def names_of(record: RecordMetadata) -> list[tuple[str, str]]:
    return [(clean(agent.family_name), clean(agent.given_name)) for agent in record.creators]


@pytest.mark.parametrize("known", READABLE)
@settings(max_examples=50, deadline=None)
@given(written=st.lists(records, min_size=1, max_size=3))
def test_title_authors_date_and_doi_come_back(known, written):
    entries = list(known.loads(known.dumps(written)))

    assert [entry.error for entry in entries] == [None] * len(written)
    read = [entry.metadata for entry in entries]
    assert [record.title for record in read] == [full_title(record) for record in written]
    assert [names_of(record) for record in read] == [names_of(record) for record in written]
    assert [record.issued for record in read] == [record.issued for record in written]
    assert [record.doi for record in read] == [record.doi for record in written]
    assert [record.resource_type for record in read] == [record.resource_type for record in written]


@pytest.mark.parametrize("known", [pytest.param(known, id=known.name) for known in FORMATS])
@settings(max_examples=50, deadline=None)
@given(written=st.lists(records, max_size=2))
def test_every_format_is_written_as_text_that_utf_8_can_hold(known, written):
    assert known.dumps(written).encode().decode() == known.dumps(written)


@pytest.mark.parametrize("known", READABLE)
@settings(max_examples=50, deadline=None)
@given(text=texts)
def test_no_text_stops_the_reading(known, text):
    for entry in known.loads(text):
        assert (entry.metadata is None) != (entry.error is None)
        assert entry.line >= 1


@settings(max_examples=50, deadline=None)
@given(damage=st.integers(0, 400), character=st.sampled_from('{}",=@\\#\n'))
def test_a_damaged_bibtex_entry_leaves_the_next_one_readable(damage, character):
    first = RecordMetadata(title="First of all", agents=(Agent("Jansen", "Jan"),), issued="2019", abstract="Text.")
    second = RecordMetadata(title="Second", agents=(Agent("de Vries", "Piet"),), issued="2020")
    text = bibtex.dumps([first])
    place = min(damage, len(text) - 1)

    entries = list(bibtex.loads(text[:place] + character + text[place:] + "\n" + bibtex.dumps([second])))

    assert entries[-1].metadata is not None
    assert (entries[-1].metadata.title, entries[-1].metadata.agents) == ("Second", second.agents)


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k, title = {T}, url = {javascript:alert(1)}}",
        "TY  - JOUR\nTI  - T\nUR  - javascript:alert(1)\nER  - \n",
        '[{"title": "T", "URL": "javascript:alert(1)"}]',
    ],
)
def test_an_address_that_is_a_script_is_dropped(text):
    (entry,) = (entry for known in FORMATS if known.loads for entry in known.loads(text) if entry.metadata)

    assert entry.metadata.url == ""
