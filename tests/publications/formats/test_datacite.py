import json

import pytest

from publications.formats import datacite
from publications.metadata import Affiliation, Agent, FileReference, FundingReference, RecordMetadata, RelatedIdentifier
from publications.vocabularies import ContributorRole, RelationType, ResourceType

GENERAL_TYPES = {"JournalArticle", "ConferencePaper", "Book", "BookChapter", "Report", "Dissertation", "Preprint"}
GENERAL_TYPES |= {"DataPaper", "Text", "Other"}

RECORD = RecordMetadata(
    title="Scherper kijken",
    subtitle="Een studie",
    translated_title="Looking sharper",
    translation_language="en",
    resource_type="journal_article",
    pid="9k3dt0v4",
    language="nl",
    agents=(
        Agent(
            "van der Hoeven",
            "Marieke",
            orcid="0000-0002-1825-0097",
            affiliations=(Affiliation("Universiteit Twente", "006hf6230"), Affiliation("CMI")),
        ),
        Agent("Siemens", is_organisation=True, ror="05wg1m734"),
        Agent("de With", "Peter", role="Editor"),
    ),
    abstract="Samenvatting.",
    subjects=("MRI",),
    issued="2019-06-17",
    available="2020-01-01",
    publisher="Uitgever",
    container_title="Tijdschrift",
    volume="12",
    issue="3",
    page="15-26",
    doi="10.1000/xyz",
    issn="2049-3630",
    url="https://example.org/en/records/9k3dt0v4/",
    rights="CC-BY-4.0",
    funding_references=(
        FundingReference("EFRO", "https://ror.org/00k4n6c32", "A1", "Sterk"),
        FundingReference("Z", "x"),
    ),
    related_identifiers=(RelatedIdentifier("10.1000/abc", "DOI", "IsSupplementTo"),),
    files=(FileReference("a.pdf", "https://example.org/a.pdf", "application/pdf", size_bytes=1234),),
)


def test_a_record_becomes_datacite_attributes():
    attributes = json.loads(datacite.dumps([RECORD]))

    assert attributes["doi"] == "10.1000/xyz"
    assert attributes["types"] == {"resourceTypeGeneral": "JournalArticle", "resourceType": "Journal article"}
    assert attributes["creators"] == [
        {
            "name": "van der Hoeven, Marieke",
            "nameType": "Personal",
            "givenName": "Marieke",
            "familyName": "van der Hoeven",
            "affiliation": [
                {
                    "name": "Universiteit Twente",
                    "affiliationIdentifier": "https://ror.org/006hf6230",
                    "affiliationIdentifierScheme": "ROR",
                    "schemeUri": "https://ror.org",
                },
                {"name": "CMI"},
            ],
            "nameIdentifiers": [
                {
                    "nameIdentifier": "https://orcid.org/0000-0002-1825-0097",
                    "nameIdentifierScheme": "ORCID",
                    "schemeUri": "https://orcid.org",
                }
            ],
        },
        {
            "name": "Siemens",
            "nameType": "Organizational",
            "nameIdentifiers": [
                {
                    "nameIdentifier": "https://ror.org/05wg1m734",
                    "nameIdentifierScheme": "ROR",
                    "schemeUri": "https://ror.org",
                }
            ],
        },
    ]
    assert [agent["contributorType"] for agent in attributes["contributors"]] == ["Editor"]
    assert attributes["titles"] == [
        {"title": "Scherper kijken", "lang": "nl"},
        {"title": "Een studie", "titleType": "Subtitle", "lang": "nl"},
        {"title": "Looking sharper", "titleType": "TranslatedTitle", "lang": "en"},
    ]
    assert attributes["publisher"] == {"name": "Uitgever"}
    assert attributes["publicationYear"] == "2019"
    assert attributes["dates"] == [
        {"date": "2019-06-17", "dateType": "Issued"},
        {"date": "2020-01-01", "dateType": "Available"},
    ]
    assert attributes["relatedItems"] == [
        {
            "relationType": "IsPublishedIn",
            "relatedItemType": "Journal",
            "relatedItemIdentifier": {"relatedItemIdentifier": "2049-3630", "relatedItemIdentifierType": "ISSN"},
            "titles": [{"title": "Tijdschrift"}],
            "volume": "12",
            "issue": "3",
            "firstPage": "15",
            "lastPage": "26",
        }
    ]
    assert attributes["rightsList"] == [
        {
            "rights": "CC-BY-4.0",
            "rightsUri": "https://creativecommons.org/licenses/by/4.0/",
            "rightsIdentifier": "CC-BY-4.0",
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        }
    ]
    assert [
        (funder["funderName"], funder.get("funderIdentifierType")) for funder in attributes["fundingReferences"]
    ] == [
        ("EFRO", "ROR"),
        ("Z", "Other"),
    ]
    assert (attributes["sizes"], attributes["formats"]) == (["1234 bytes"], ["application/pdf"])
    assert attributes["schemaVersion"] == "http://datacite.org/schema/kernel-4"


@pytest.mark.parametrize("resource_type", ResourceType.values)
def test_what_datacite_requires_is_there_for_every_type(resource_type):
    attributes = json.loads(datacite.dumps([RecordMetadata(title="T", resource_type=resource_type, issued="2019")]))

    assert attributes["types"]["resourceTypeGeneral"] in GENERAL_TYPES
    assert attributes["creators"] == [{"name": ":unav"}]
    assert attributes["publisher"] == {"name": ":unav"}
    assert attributes["titles"] == [{"title": "T"}]
    assert attributes["publicationYear"] == "2019"


def test_our_words_for_roles_and_relations_are_those_of_datacite():
    roles = {"Editor", "ContactPerson", "DataCollector", "DataCurator", "ProjectLeader", "ProjectMember", "Researcher"}
    roles |= {"Sponsor", "Supervisor", "HostingInstitution", "Other"}
    relations = {"IsNewVersionOf", "IsPreviousVersionOf", "IsSupplementTo", "IsSupplementedBy", "IsPartOf", "HasPart"}
    relations |= {"Cites", "IsCitedBy", "References", "IsReferencedBy", "IsDerivedFrom", "IsSourceOf"}
    relations |= {"Documents", "IsDocumentedBy", "IsTranslationOf", "HasTranslation"}

    assert set(ContributorRole.values) - {"Creator"} == roles
    assert set(RelationType.values) == relations


def test_several_records_are_a_list_and_none_is_an_empty_one():
    assert len(json.loads(datacite.dumps([RECORD, RECORD]))) == 2
    assert json.loads(datacite.dumps([])) == []
