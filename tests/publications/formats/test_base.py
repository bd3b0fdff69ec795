import pytest

from publications.formats import FORMATS, format_by_file_name, format_by_media_type
from publications.formats.base import (
    clean,
    clean_paragraphs,
    find_arxiv,
    full_title,
    read_date,
    read_isbn,
    read_language,
    read_licence,
    read_type,
)
from publications.metadata import RecordMetadata
from publications.vocabularies import LICENCE_URIS, Licence, ResourceType


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", "2019"),
        ("2019-06", "2019-06"),
        ("2019-06-17T10:00:00Z", "2019-06-17"),
        ("2019/6/7", "2019-06-07"),
        ("17 juni 2019", "2019-06-17"),
        ("June 17th, 2019", "2019-06-17"),
        ("Okt. 2019", "2019-10"),
        ("déc 2019", "2019-12"),
        ("17/06/2019", "2019"),
        ("spring 2019", "2019"),
        ("2019-02-30", "2019-02"),
        ("20190617", "2019-06-17"),
        ("volume 12345678", ""),
        ("forthcoming", ""),
        ("0000", ""),
        ("", ""),
    ],
)
def test_dates_of_other_programs_become_iso_dates(text, date):
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nl", "nl"),
        ("Dutch", "nl"),
        ("nld", "nl"),
        ("en-GB", "en"),
        ("en_US", "en"),
        ("ngerman", "de"),
        ("sv", "sv"),
        ("Klingon", "und"),
        ("", "und"),
    ],
)
def test_languages_become_codes(text, code):
    assert read_language(text) == code


@pytest.mark.parametrize("licence", Licence.values)
def test_a_licence_is_known_by_identifier_and_address(licence):
    uri = LICENCE_URIS[licence]

    assert read_licence(licence) == licence
    assert read_licence(licence.lower().replace("-", " ")) == licence
    assert read_licence(uri) == licence
    assert read_licence(uri.replace("https:", "http:").rstrip("/")) == licence


def test_other_licences_are_not_taken_for_ours():
    assert read_licence("https://creativecommons.org/licenses/by/4.0/legalcode.nl") == "CC-BY-4.0"
    assert [read_licence(text) for text in ("", "MIT", "https://creativecommons.org/licenses/by/3.0/")] == ["", "", ""]


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_every_type_has_a_word(resource_type):
    assert read_type(resource_type) == resource_type
    assert read_type(resource_type.upper()) == resource_type


def test_of_several_isbns_the_first_valid_one_is_taken():
    assert read_isbn("978-3-16-148410-1 (print), 978-3-16-148410-0 (online)") == "9783161484100"
    assert read_isbn("none") == ""


def test_an_arxiv_id_is_found_in_a_sentence():
    assert find_arxiv("arXiv preprint arXiv:1907.01234v2 [cs.CV]") == "1907.01234"
    assert find_arxiv("1907.01234") == ""


def test_clean_text_stands_on_one_line_in_composed_characters():
    assert clean(" a\u00a0\n b\x00\ud800 e\u0301 ") == "a b é"
    assert clean_paragraphs("a\r\nb\r\n \r\nc\n\n\n") == "a b\n\nc"


def test_a_subtitle_is_joined_as_people_do():
    assert full_title(RecordMetadata(title="Main", subtitle="Sub")) == "Main: Sub"
    assert full_title(RecordMetadata(title="Why?", subtitle="Sub")) == "Why? Sub"
    assert full_title(RecordMetadata(title="Main")) == "Main"


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.bib", "bibtex"),
        ("A.RIS", "ris"),
        ("a.csl.json", "csl_json"),
        ("a.json", "csl_json"),
        ("a.datacite.json", "datacite"),
        ("a.csv", "csv"),
        ("a.tsv", "csv"),
        ("a.jsonld", "schema_org"),
    ],
)
def test_a_format_is_known_by_the_end_of_a_file_name(name, format_name):
    found = format_by_file_name(name)

    assert found is not None
    assert found.name == format_name


def test_other_files_have_no_format():
    assert [format_by_file_name(name) for name in ("a.pdf", "bib", "", "a.bib.zip")] == [None] * 4


def test_formats_are_told_apart_by_name_extension_and_media_type():
    for key in ("name", "extension", "media_type"):
        assert len({getattr(known, key) for known in FORMATS}) == len(FORMATS)
    assert [format_by_media_type(known.media_type.upper()) for known in FORMATS] == list(FORMATS)
    assert format_by_media_type("text/html") is None
