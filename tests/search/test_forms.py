"""Reading questions from parameters."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.forms import Question, read_question
from search.requests import Sort, YearRange


def read(query_string):
    return read_question(QueryDict(query_string))


def test_everything_that_the_contract_names_is_read():
    question = read("q=low+dose&type=publication&topic=ct&topic=mri&year=2015-2019&sort=newest&page=2&page_size=25")

    assert question == Question(
        q="low dose",
        filters={"topic": ("ct", "mri"), "type": ("publication",), "year": ("2015-2019",)},
        sort=Sort.NEWEST,
        page=2,
        page_size=25,
    )
    assert question.engine_filters()["year"] == (YearRange(2015, 2019),)


@pytest.mark.parametrize(
    "malformed",
    ["widen=perhaps", "year=soon", "year=2019-2015", "topic=%00", "sort=best", "page=0", "page=-1", "page=x"],
)
def test_what_is_malformed_is_left_out_with_a_note(malformed):
    question = read(f"q=ct&{malformed}")

    assert (question.q, question.filters, question.page, question.sort) == ("ct", {}, 1, Sort.RELEVANCE)
    assert len(question.notes) == 1


def test_a_page_has_at_most_a_hundred_records():
    assert read("page_size=100000").page_size == 100


def test_a_very_long_question_is_cut_with_a_note():
    question = read("q=" + "word+" * 1000)

    assert len(question.q) <= 500
    assert len(question.notes) == 1


def test_a_filter_is_taken_in_and_out_and_the_page_starts_again():
    question = read("q=ct&type=publication&page=3")

    assert question.toggle("type", "presentation") == "?q=ct&type=publication&type=presentation"
    assert question.toggle("type", "publication") == "?q=ct"


def test_what_is_switched_off_stays_off_wherever_one_goes():
    question = read("q=ct&widen=no&type=publication&sort=title&page=3")

    assert question.query_string() == "?q=ct&type=publication&sort=title&widen=no"
    assert question.toggle("type", "publication") == "?q=ct&sort=title&widen=no"
    assert question.query_string(is_widened=True) == "?q=ct&type=publication&sort=title"
    assert question.words_only == "?q=ct&widen=no"
    assert question.kept == [("type", "publication"), ("sort", "title"), ("widen", "no")]
    assert read("widen=yes&q=ct").words_only == "?q=ct"
    assert read("").words_only == ""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=40), max_size=3), max_size=6))
def test_no_parameters_break_it(parameters):
    query = QueryDict(mutable=True)
    for name, values in parameters.items():
        query.setlist(name, values)

    question = read_question(query)

    assert read(question.query_string(page=question.page).lstrip("?")).filters == question.filters
