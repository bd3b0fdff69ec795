"""DOIs are looked up at Crossref and DataCite: real HTTP, from a server of the test's own.

The answers follow the published documentation: the REST API of Crossref (api.crossref.org, "works/{doi}", message type
"work") and of DataCite (support.datacite.org/docs/api-get-doi). What they describe is invented.
"""

import time
from typing import Any

import pytest

from publications import lookups
from publications.errors import InvalidIdentifier, LookupFailed
from publications.lookups import Found, look_up_doi
from publications.metadata import Affiliation, Agent, FundingReference, RecordMetadata
from publications.vocabularies import SuggestionSource
from tests.publications.registry import Handler, Server, serving

CROSSREF_DOI = "10.5555/herfst.2021(07)<14>"
DATACITE_DOI = "10.5072/veld.77"

CROSSREF_ANSWER = {
    "status": "ok",
    "message-type": "work",
    "message-version": "1.0.0",
    "message": {
        "DOI": CROSSREF_DOI,
        "URL": "https://doi.org/10.5555/herfst.2021(07)<14>",
        "type": "journal-article",
        "source": "Crossref",
        "title": ["Counting &amp; weighing autumn leaves by ultrasound"],
        "subtitle": [],
        "author": [
            {
                "ORCID": "https://orcid.org/0000-0002-1825-0097",
                "authenticated-orcid": False,
                "given": "Marieke",
                "family": "van der Hoeven",
                "sequence": "first",
                "affiliation": [{"name": "Institute of Falling Things, Ede"}],
            },
            {"name": "The Leaf Consortium", "sequence": "additional", "affiliation": []},
        ],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Leaves fall &lt;fast&gt;.</jats:p>",
        "container-title": ["Journal of Slow Sonography"],
        "publisher": "Herfst Press",
        "volume": "12",
        "issue": "3",
        "page": "101-118",
        "issued": {"date-parts": [[2021, 7]]},
        "ISSN": ["2049-3630"],
        "language": "en",
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}],
        "funder": [{"name": "Wind Fund", "award": ["W-12"]}],
    },
}
DATACITE_ANSWER = {
    "data": {
        "id": DATACITE_DOI,
        "type": "dois",
        "attributes": {
            "doi": DATACITE_DOI,
            "titles": [
                {"title": "Veldproef", "titleType": "AlternativeTitle"},
                {"title": "Een proef met zaaigoed", "lang": "nl"},
            ],
            "creators": [
                {
                    "name": "de Wit, Joris",
                    "nameType": "Personal",
                    "givenName": "Joris",
                    "familyName": "de Wit",
                    "affiliation": ["Akkerinstituut"],
                    "nameIdentifiers": [
                        {"nameIdentifier": "https://orcid.org/0000-0001-5109-3700", "nameIdentifierScheme": "ORCID"}
                    ],
                },
                {"name": "Stichting Zaad", "nameType": "Organizational", "affiliation": [], "nameIdentifiers": []},
                {"name": "Bakker, An"},
            ],
            "publisher": "Zaadbank",
            "container": {"title": "Akkerschrift", "volume": "3", "firstPage": "7", "lastPage": "19"},
            "publicationYear": 2020,
            "subjects": [{"subject": "zaaien"}, {"subject": "oogst"}],
            "dates": [{"date": "2020-04-17", "dateType": "Issued"}],
            "language": "nl",
            "types": {"resourceTypeGeneral": "JournalArticle", "ris": "JOUR"},
            "descriptions": [
                {"description": "Over methoden.", "descriptionType": "Methods"},
                {
                    "description": "<p>Er is gezaaid.</p><p>Er is geoogst &amp; gewogen.</p>",
                    "descriptionType": "Abstract",
                },
            ],
            "rightsList": [{"rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode"}],
            "relatedIdentifiers": [
                {"relatedIdentifier": "2049-3630", "relatedIdentifierType": "ISSN", "relationType": "IsPartOf"}
            ],
        },
    }
}


def crossref_path(doi: str = CROSSREF_DOI) -> str:
    return f"/works/{lookups.quote(doi, safe='')}"


def test_a_work_of_crossref_becomes_metadata(registry: Server):
    registry.answers[crossref_path()] = CROSSREF_ANSWER

    found = look_up_doi("https://doi.org/10.5555/HERFST.2021(07)<14>")

    assert found == Found(
        RecordMetadata(
            title="Counting & weighing autumn leaves by ultrasound",
            resource_type="journal_article",
            language="en",
            agents=(
                Agent(
                    "van der Hoeven",
                    "Marieke",
                    orcid="0000-0002-1825-0097",
                    affiliations=(Affiliation("Institute of Falling Things, Ede"),),
                ),
                Agent("The Leaf Consortium", is_organisation=True),
            ),
            abstract=found.metadata.abstract,
            issued="2021-07",
            publisher="Herfst Press",
            container_title="Journal of Slow Sonography",
            volume="12",
            issue="3",
            page="101-118",
            doi=CROSSREF_DOI,
            issn="2049-3630",
            url="https://doi.org/10.5555/herfst.2021(07)",
            rights="CC-BY-4.0",
            funding_references=(FundingReference("Wind Fund", award_number="W-12"),),
        ),
        SuggestionSource.CROSSREF,
    )
    assert "Leaves fall <fast>." in found.metadata.abstract


def test_what_crossref_does_not_know_is_asked_of_datacite(registry: Server):
    registry.answers["/dois/10.5072%2Fveld.77"] = DATACITE_ANSWER

    found = look_up_doi(DATACITE_DOI)

    assert [path for path, _agent in registry.asked] == ["/works/10.5072%2Fveld.77", "/dois/10.5072%2Fveld.77"]
    assert found == Found(
        RecordMetadata(
            title="Een proef met zaaigoed",
            resource_type="journal_article",
            language="nl",
            agents=(
                Agent("de Wit", "Joris", orcid="0000-0001-5109-3700", affiliations=(Affiliation("Akkerinstituut"),)),
                Agent("Stichting Zaad", is_organisation=True),
                Agent("Bakker", "An"),
            ),
            abstract="Er is gezaaid.\n\nEr is geoogst & gewogen.",
            subjects=("zaaien", "oogst"),
            issued="2020-04-17",
            publisher="Zaadbank",
            container_title="Akkerschrift",
            volume="3",
            page="7-19",
            doi=DATACITE_DOI,
            issn="2049-3630",
            rights="CC-BY-4.0",
        ),
        SuggestionSource.DATACITE,
    )


def test_registries_are_told_who_asks_and_whom_to_write_to(registry: Server):
    registry.answers[crossref_path()] = CROSSREF_ANSWER

    look_up_doi(CROSSREF_DOI)

    assert [agent for _path, agent in registry.asked] == [
        "KnowledgeHub/0.1 (http://testserver; mailto:hub@example.org)"
    ]


def test_nobody_is_asked_where_look_ups_are_off(registry: Server, settings: Any):
    settings.LOOKUPS_ENABLED = False
    registry.answers[crossref_path()] = CROSSREF_ANSWER

    with pytest.raises(LookupFailed, match="does not look up"):
        look_up_doi(CROSSREF_DOI)

    assert registry.asked == []


def test_what_is_no_doi_is_not_asked_for(registry: Server):
    with pytest.raises(InvalidIdentifier):
        look_up_doi("../../admin")

    assert registry.asked == []


def test_an_answer_is_kept_for_a_while(registry: Server):
    registry.answers[crossref_path()] = CROSSREF_ANSWER

    first, second = look_up_doi(CROSSREF_DOI), look_up_doi(CROSSREF_DOI)

    assert (first, len(registry.asked)) == (second, 1)


def test_that_nobody_knows_a_doi_is_kept_too(registry: Server):
    for _ in range(2):
        with pytest.raises(LookupFailed, match="Neither Crossref nor DataCite"):
            look_up_doi("10.5555/nobody")

    assert len(registry.asked) == 2


def test_a_registry_that_failed_is_asked_again(registry: Server):
    registry.answers[crossref_path()] = lambda handler: handler.send(503)
    with pytest.raises(LookupFailed, match="did not answer"):
        look_up_doi(CROSSREF_DOI)
    registry.answers[crossref_path()] = CROSSREF_ANSWER

    assert look_up_doi(CROSSREF_DOI).source == SuggestionSource.CROSSREF


@pytest.mark.parametrize(
    "body",
    [
        b"<html>not JSON</html>",
        b"[]",
        b'{"message": "resource"}',
        b'{"message": {"title": []}}',
        b'{"status": "ok"}',
        b"[" * 100_000,
        b'{"message": {"title": ["half',
    ],
)
def test_an_answer_of_a_wrong_form_is_a_failed_look_up(registry: Server, body: bytes):
    registry.answers[crossref_path()] = lambda handler: handler.send(200, body)

    with pytest.raises(LookupFailed, match="cannot be read"):
        look_up_doi(CROSSREF_DOI)


def test_fields_of_a_wrong_form_are_left_out(registry: Server):
    attributes = dict.fromkeys(DATACITE_ANSWER["data"]["attributes"], 7) | {
        "titles": [{"title": "Bare"}],
        "creators": [{"name": None}, "somebody", {"affiliation": "?"}],
        "dates": [{"date": {"on": "Monday"}, "dateType": "Issued"}],
    }
    registry.answers["/dois/10.5072%2Fveld.77"] = {"data": {"attributes": attributes}}

    assert look_up_doi(DATACITE_DOI).metadata == RecordMetadata(title="Bare", publisher="7")


def test_an_endless_answer_is_not_read_to_its_end(registry: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lookups, "LARGEST_ANSWER_BYTES", 100_000)
    registry.answers[crossref_path()] = lambda handler: handler.send(200, b" " * 1_000_000)

    with pytest.raises(LookupFailed, match="cannot be read"):
        look_up_doi(CROSSREF_DOI)


def test_an_answer_that_drips_is_given_up(registry: Server, settings: Any):
    settings.LOOKUP_TIMEOUT_SECONDS = 0.5

    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            time.sleep(0.1)
            handler.wfile.write(b" ")
            handler.wfile.flush()

    registry.answers[crossref_path()] = drip
    started = time.monotonic()

    with pytest.raises(LookupFailed, match="did not answer"):
        look_up_doi(CROSSREF_DOI)

    assert time.monotonic() - started < 3


def test_a_registry_that_is_not_there_is_a_failed_look_up(registry: Server, settings: Any):
    with serving() as gone:
        settings.LOOKUP_CROSSREF_URL = gone.url

    with pytest.raises(LookupFailed, match="did not answer"):
        look_up_doi(CROSSREF_DOI)


def test_redirects_are_followed_on_the_same_host(registry: Server):
    registry.answers[crossref_path()] = lambda handler: handler.send(301, Location="/moved")
    registry.answers["/moved"] = CROSSREF_ANSWER

    assert look_up_doi(CROSSREF_DOI).source == SuggestionSource.CROSSREF


def test_redirects_off_the_host_are_not_followed(registry: Server):
    with serving() as elsewhere:
        elsewhere.answers["/moved"] = CROSSREF_ANSWER
        registry.answers[crossref_path()] = lambda handler: handler.send(302, Location=f"{elsewhere.url}/moved")

        with pytest.raises(LookupFailed, match="cannot be read"):
            look_up_doi(CROSSREF_DOI)

        assert elsewhere.asked == []


def test_a_circle_of_redirects_ends(registry: Server):
    registry.answers[crossref_path()] = lambda handler: handler.send(302, Location=crossref_path())

    with pytest.raises(LookupFailed, match="cannot be read"):
        look_up_doi(CROSSREF_DOI)

    assert len(registry.asked) == lookups.MOST_REDIRECTS + 1
