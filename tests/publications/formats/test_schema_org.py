import json

import extruct
import pytest
from django.utils.html import escape

from publications.formats import schema_org
from publications.metadata import Affiliation, Agent, FileReference, FundingReference, RecordMetadata
from publications.vocabularies import ResourceType

SLIDES = RecordMetadata(
    title="Scherper kijken",
    subtitle="Dia's",
    resource_type="slides",
    pid="9k3dt0v4",
    language="nl",
    agents=(
        Agent("van der Hoeven", "Marieke", orcid="0000-0002-1825-0097", affiliations=(Affiliation("UT", "006hf6230"),)),
        Agent("Siemens", is_organisation=True, ror="05wg1m734"),
    ),
    issued="2019-06",
    doi="10.1000/xyz",
    url="https://example.org/en/records/9k3dt0v4/",
    rights="CC-BY-4.0",
    event_title="CMI-dag",
    event_place="Enschede",
    event_dates="2024-11-14/2024-11-15",
    funding_references=(FundingReference("EFRO", "", "A1"), FundingReference("EFRO", "", "A2")),
    files=(
        FileReference("open.pdf", "https://example.org/open.pdf", "application/pdf", size_bytes=12),
        FileReference("closed.pdf", "https://example.org/closed.pdf", "application/pdf", is_open=False),
    ),
)


def test_slides_are_a_presentation_with_people_event_and_open_files():
    node = json.loads(schema_org.dumps([SLIDES]))

    assert node["@context"] == "https://schema.org"
    assert node["@type"] == "PresentationDigitalDocument"
    assert node["name"] == "Scherper kijken: Dia's"
    assert node["author"] == [
        {
            "@type": "Person",
            "@id": "https://orcid.org/0000-0002-1825-0097",
            "name": "Marieke van der Hoeven",
            "givenName": "Marieke",
            "familyName": "van der Hoeven",
            "sameAs": "https://orcid.org/0000-0002-1825-0097",
            "affiliation": [
                {
                    "@type": "Organization",
                    "@id": "https://ror.org/006hf6230",
                    "name": "UT",
                    "sameAs": "https://ror.org/006hf6230",
                }
            ],
        },
        {
            "@type": "Organization",
            "@id": "https://ror.org/05wg1m734",
            "name": "Siemens",
            "sameAs": "https://ror.org/05wg1m734",
        },
    ]
    assert (node["datePublished"], node["inLanguage"]) == ("2019-06", "nl")
    assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert node["encoding"] == [
        {
            "@type": "MediaObject",
            "name": "open.pdf",
            "contentUrl": "https://example.org/open.pdf",
            "encodingFormat": "application/pdf",
            "contentSize": "12 B",
        }
    ]
    assert node["isAccessibleForFree"] is True
    assert node["funder"] == [{"@type": "Organization", "name": "EFRO"}]
    assert [grant["identifier"] for grant in node["@reverse"]["fundedItem"]] == ["A1", "A2"]
    assert node["@reverse"]["workFeatured"] == {
        "@type": "Event",
        "name": "CMI-dag",
        "startDate": "2024-11-14",
        "endDate": "2024-11-15",
        "location": {"@type": "Place", "name": "Enschede"},
    }


def test_closed_files_stay_out_and_are_not_free():
    record = RecordMetadata(title="T", files=SLIDES.files[1:])

    assert "closed.pdf" not in schema_org.dumps([record])
    assert json.loads(schema_org.dumps([record]))["isAccessibleForFree"] is False
    assert "isAccessibleForFree" not in schema_org.dumps([RecordMetadata(title="T")])


def test_an_article_is_part_of_issue_volume_and_journal():
    record = RecordMetadata(
        title="T",
        resource_type="journal_article",
        container_title="J",
        issn="2049-3630",
        volume="12",
        issue="3",
        page="15-26",
    )

    node = json.loads(schema_org.dumps([record]))

    assert node["isPartOf"] == {
        "@type": "PublicationIssue",
        "issueNumber": "3",
        "isPartOf": {
            "@type": "PublicationVolume",
            "volumeNumber": "12",
            "isPartOf": {"@type": "Periodical", "name": "J", "issn": "2049-3630"},
        },
    }
    assert (node["pageStart"], node["pageEnd"], node["headline"]) == ("15", "26", "T")


def test_minutes_are_about_their_event():
    node = json.loads(schema_org.dumps([RecordMetadata(title="T", resource_type="minutes", event_title="Round table")]))

    assert node["@type"] == "CreativeWork"
    assert node["about"] == {"@type": "Event", "name": "Round table"}
    assert "@reverse" not in node


def test_reserved_rights_are_no_licence():
    node = json.loads(schema_org.dumps([RecordMetadata(title="T", rights="all-rights-reserved")]))

    assert "license" not in node
    assert node["usageInfo"] == "http://rightsstatements.org/vocab/InC/1.0/"


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_every_type_is_said_and_nothing_empty(resource_type):
    node = json.loads(schema_org.dumps([RecordMetadata(title="T", resource_type=resource_type)]))

    assert node["@type"] in {*schema_org.TYPES.values(), "CreativeWork"}
    assert all(node.values())


def test_several_records_are_a_graph():
    assert len(json.loads(schema_org.dumps([SLIDES, SLIDES]))["@graph"]) == 2


def test_nothing_in_a_record_ends_the_script_element():
    title = "</script><script>alert(1)</script><!-- & \u2028\u2029 ]]>"
    script = schema_org.dumps_for_script([RecordMetadata(title="T", abstract=title, publisher=title)])

    assert not set("<>&\u2028\u2029") & set(script)
    html = f'<!doctype html><html><head><script type="application/ld+json">{script}</script></head></html>'
    (node,) = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    assert node["publisher"]["name"] == "</script><script>alert(1)</script><!-- & ]]>"
    assert escape(script) == script.replace('"', "&quot;").replace("'", "&#x27;")
