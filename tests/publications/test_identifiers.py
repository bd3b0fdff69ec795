import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.errors import InvalidIdentifier, PublicationError
from publications.identifiers import (
    PID_ALPHABET,
    PID_LENGTH,
    doi_url,
    find_doi,
    make_pid,
    orcid_url,
    parse_arxiv,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_orcid,
    parse_pid,
    parse_ror,
    pid_check_character,
    ror_url,
)

stems = st.text(alphabet=PID_ALPHABET, min_size=PID_LENGTH - 1, max_size=PID_LENGTH - 1)


def test_a_new_pid_checks():
    pids = {make_pid() for _ in range(500)}

    assert len(pids) == 500
    assert {parse_pid(pid) for pid in pids} == pids


def test_a_pid_may_be_pasted_in_capitals_and_with_blanks():
    pid = make_pid()

    assert parse_pid(f" {pid.upper()}\n") == pid


@given(stems, st.integers(0, PID_LENGTH - 1), st.sampled_from(PID_ALPHABET))
def test_every_single_wrong_character_in_a_pid_is_caught(stem, place, character):
    pid = stem + pid_check_character(stem)
    mistyped = pid[:place] + character + pid[place + 1 :]

    if mistyped == pid:
        assert parse_pid(mistyped) == pid
    else:
        with pytest.raises(InvalidIdentifier):
            parse_pid(mistyped)


@given(stems, st.integers(0, PID_LENGTH - 2))
def test_every_swap_of_neighbours_in_a_pid_is_caught(stem, place):
    pid = stem + pid_check_character(stem)
    swapped = pid[:place] + pid[place + 1] + pid[place] + pid[place + 2 :]

    if swapped == pid:
        assert parse_pid(swapped) == pid
    else:
        with pytest.raises(InvalidIdentifier):
            parse_pid(swapped)


@pytest.mark.parametrize("text", ["", "abc", "1234567", "123456789", "aaaaaaaa", "1234567é", "1234 678", "../etc/p"])
def test_what_is_no_pid_is_refused(text):
    with pytest.raises(InvalidIdentifier):
        parse_pid(text)


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/XYZ",
        " https://doi.org/10.1000/xyz ",
        "http://dx.doi.org/10.1000/xyz",
        "doi:10.1000/xyz",
        "DOI: 10.1000/xyz",
    ],
)
def test_a_doi_is_read_as_people_paste_it(text):
    assert parse_doi(text) == "10.1000/xyz"


@pytest.mark.parametrize(
    "text", ["", "10.1000", "10.10/x", "11.1000/x", "10.1000/a b", "https://example.org/10.1000/x"]
)
def test_what_is_no_doi_is_refused(text):
    with pytest.raises(InvalidIdentifier):
        parse_doi(text)


def test_an_old_doi_with_angle_brackets_is_read_and_linked():
    doi = "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"

    assert parse_doi(doi.upper()) == doi
    assert doi_url(doi) == "https://doi.org/10.1002/(sici)1097-0258(19980815)17:15%3C1661::aid-sim968%3E3.0.co;2-2"
    assert parse_doi(doi_url(doi)) == doi


@pytest.mark.parametrize("parse", [parse_orcid, parse_isbn, parse_issn, parse_arxiv])
def test_digits_of_other_scripts_are_no_identifier(parse):
    for identifier in ("0000-0002-1825-0097", "9783161484100", "2049-3630", "1907.01234"):
        with pytest.raises(InvalidIdentifier):
            parse(identifier.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("See https://doi.org/10.1000/xyz.", "10.1000/xyz"),
        ("(doi:10.1000/xyz)", "10.1000/xyz"),
        ("10.1016/S0140-6736(19)30041-8, and more", "10.1016/s0140-6736(19)30041-8"),
        ("in [10.1000/a(b)c].", "10.1000/a(b)c"),
        ("no identifier here", ""),
    ],
)
def test_a_doi_is_found_in_running_text_without_the_sentence_around_it(text, doi):
    assert find_doi(text) == doi


def test_an_orcid_is_read_in_every_usual_form():
    forms = ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000000218250097", " 0000 0002 1825 0097"]

    assert {parse_orcid(form) for form in forms} == {"0000-0002-1825-0097"}
    assert parse_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@given(st.integers(0, 15), st.sampled_from(string.digits))
def test_every_single_wrong_digit_in_an_orcid_is_caught(place, digit):
    orcid = "0000000218250097"
    mistyped = orcid[:place] + digit + orcid[place + 1 :]

    if mistyped == orcid:
        assert parse_orcid(mistyped) == "0000-0002-1825-0097"
    else:
        with pytest.raises(InvalidIdentifier):
            parse_orcid(mistyped)


@pytest.mark.parametrize("ror", ["016xsfp80", "006hf6230", "05wg1m734", "012p63287", "https://ror.org/016xsfp80"])
def test_ror_ids_of_real_organisations_check(ror):
    assert parse_ror(ror) == ror.removeprefix("https://ror.org/")


@pytest.mark.parametrize("ror", ["", "016xsfp81", "06hf6230", "016xsfi80", "116xsfp80"])
def test_a_wrong_ror_id_is_refused(ror):
    with pytest.raises(InvalidIdentifier):
        parse_ror(ror)


@pytest.mark.parametrize("isbn", ["978-3-16-148410-0", "9783161484100", "ISBN 3-16-148410-X", "316148410x"])
def test_an_isbn_becomes_thirteen_digits(isbn):
    assert parse_isbn(isbn) == "9783161484100"


@pytest.mark.parametrize("isbn", ["", "978-3-16-148410-1", "3-16-148410-0", "977-3-16-148410-0", "12345"])
def test_a_wrong_isbn_is_refused(isbn):
    with pytest.raises(InvalidIdentifier):
        parse_isbn(isbn)


def test_an_issn_gets_its_hyphen_and_is_checked():
    assert parse_issn("20493630") == "2049-3630"
    assert parse_issn("ISSN 2434-561x") == "2434-561X"
    with pytest.raises(InvalidIdentifier):
        parse_issn("2049-3631")


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("1907.01234", "1907.01234"),
        ("arXiv:1907.01234v2", "1907.01234"),
        ("https://arxiv.org/abs/1907.01234", "1907.01234"),
        ("https://arxiv.org/pdf/1907.01234v1.pdf", "1907.01234"),
        ("math.GT/0309136", "math.GT/0309136"),
    ],
)
def test_an_arxiv_id_loses_address_and_version(text, arxiv):
    assert parse_arxiv(text) == arxiv


def test_addresses_of_identifiers_are_those_their_agencies_want():
    assert doi_url("10.1000/xyz") == "https://doi.org/10.1000/xyz"
    assert orcid_url("0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    assert ror_url("016xsfp80") == "https://ror.org/016xsfp80"
    assert doi_url("") == orcid_url("") == ror_url("") == ""


@pytest.mark.parametrize("parse", [parse_pid, parse_doi, parse_orcid, parse_ror, parse_isbn, parse_issn, parse_arxiv])
@given(text=st.text())
def test_whatever_is_pasted_is_read_or_refused_with_a_sentence(parse, text):
    try:
        parsed = parse(text)
    except PublicationError as error:
        assert str(error).endswith(".")
    else:
        assert parse(parsed) == parsed
