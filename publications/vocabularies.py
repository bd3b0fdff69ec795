"""The controlled values: what a thing is called in the database, its label for people, and its URI for machines.

Values follow COAR (resource types, access rights, version types) and DataCite (contributor and relation types).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COAR_RESOURCE_TYPE = "http://purl.org/coar/resource_type/"
COAR_ACCESS_RIGHT = "http://purl.org/coar/access_right/"
COAR_VERSION = "http://purl.org/coar/version/"


class RecordType(TextChoices):
    """The three kinds of record, as filters and addresses call them."""

    PUBLICATION = "publication", _("Publication")
    PRESENTATION = "presentation", _("Presentation")
    EVENT_OUTCOME = "event_outcome", _("Event outcome")


class ResourceType(TextChoices):
    """What a record is (COAR Resource Types 3.1)."""

    JOURNAL_ARTICLE = "journal_article", _("Journal article")
    CONFERENCE_PAPER = "conference_paper", _("Conference paper")
    BOOK = "book", _("Book")
    BOOK_PART = "book_part", _("Book chapter")
    REPORT = "report", _("Report")
    THESIS = "thesis", _("Thesis")
    PREPRINT = "preprint", _("Preprint")
    DATA_PAPER = "data_paper", _("Data paper")
    OTHER = "other", pgettext_lazy("resource type", "Other")
    SLIDES = "slides", _("Slides")
    POSTER = "poster", _("Poster")
    LECTURE = "lecture", _("Lecture")
    MINUTES = "minutes", _("Minutes")
    DECISIONS = "decisions", _("Decisions")
    LESSONS = "lessons", _("Lessons learned")
    MATCHES = "matches", _("Matches made")
    EVENT_REPORT = "event_report", _("Report of an event")


PUBLICATION_TYPES = (
    ResourceType.JOURNAL_ARTICLE,
    ResourceType.CONFERENCE_PAPER,
    ResourceType.BOOK,
    ResourceType.BOOK_PART,
    ResourceType.REPORT,
    ResourceType.THESIS,
    ResourceType.PREPRINT,
    ResourceType.DATA_PAPER,
    ResourceType.OTHER,
)
PRESENTATION_TYPES = (ResourceType.SLIDES, ResourceType.POSTER, ResourceType.LECTURE)
EVENT_OUTCOME_TYPES = (
    ResourceType.EVENT_REPORT,
    ResourceType.MINUTES,
    ResourceType.DECISIONS,
    ResourceType.LESSONS,
    ResourceType.MATCHES,
)

RESOURCE_TYPE_URIS: dict[str, str] = {
    ResourceType.JOURNAL_ARTICLE: COAR_RESOURCE_TYPE + "c_6501",
    ResourceType.CONFERENCE_PAPER: COAR_RESOURCE_TYPE + "c_5794",
    ResourceType.BOOK: COAR_RESOURCE_TYPE + "c_2f33",
    ResourceType.BOOK_PART: COAR_RESOURCE_TYPE + "c_3248",
    ResourceType.REPORT: COAR_RESOURCE_TYPE + "c_93fc",
    ResourceType.THESIS: COAR_RESOURCE_TYPE + "c_46ec",
    ResourceType.PREPRINT: COAR_RESOURCE_TYPE + "c_816b",
    ResourceType.DATA_PAPER: COAR_RESOURCE_TYPE + "c_beb9",
    ResourceType.OTHER: COAR_RESOURCE_TYPE + "c_1843",
    ResourceType.SLIDES: COAR_RESOURCE_TYPE + "c_c94f",
    ResourceType.POSTER: COAR_RESOURCE_TYPE + "c_6670",
    ResourceType.LECTURE: COAR_RESOURCE_TYPE + "c_8544",
    ResourceType.MINUTES: COAR_RESOURCE_TYPE + "c_18gh",
    ResourceType.DECISIONS: COAR_RESOURCE_TYPE + "c_18gh",
    ResourceType.LESSONS: COAR_RESOURCE_TYPE + "c_18gh",
    ResourceType.MATCHES: COAR_RESOURCE_TYPE + "c_18gh",
    ResourceType.EVENT_REPORT: COAR_RESOURCE_TYPE + "c_18gh",
}


class AccessRight(TextChoices):
    """Who may open a record's files (COAR Access Rights; "members" is restricted access to a whole cluster)."""

    OPEN = "open", _("Open")
    EMBARGOED = "embargoed", _("Opens later")
    MEMBERS = "members", _("Members only")
    RESTRICTED = "restricted", _("Restricted")
    METADATA_ONLY = "metadata_only", _("Metadata only")


ACCESS_RIGHT_URIS: dict[str, str] = {
    AccessRight.OPEN: COAR_ACCESS_RIGHT + "c_abf2",
    AccessRight.EMBARGOED: COAR_ACCESS_RIGHT + "c_f1cf",
    AccessRight.MEMBERS: COAR_ACCESS_RIGHT + "c_16ec",
    AccessRight.RESTRICTED: COAR_ACCESS_RIGHT + "c_16ec",
    AccessRight.METADATA_ONLY: COAR_ACCESS_RIGHT + "c_14cb",
}


class VersionType(TextChoices):
    """Which version of a publication a record is (COAR Version Types)."""

    SUBMITTED = "submitted", _("Submitted version")
    ACCEPTED = "accepted", _("Accepted version")
    PUBLISHED = "published", _("Published version")
    UPDATED = "updated", _("Corrected version")


VERSION_TYPE_URIS: dict[str, str] = {
    VersionType.SUBMITTED: COAR_VERSION + "c_71e4c1898caa6e32",
    VersionType.ACCEPTED: COAR_VERSION + "c_ab4af688f83e57aa",
    VersionType.PUBLISHED: COAR_VERSION + "c_970fb48d4fbd8a85",
    VersionType.UPDATED: COAR_VERSION + "c_dc82b40f9837b551",
}


class PeerReview(TextChoices):
    """Whether others judged the work before it appeared; blank where nobody said."""

    REVIEWED = "reviewed", _("Peer reviewed")
    NOT_REVIEWED = "not_reviewed", _("Not peer reviewed")


class ContributorRole(TextChoices):
    """What somebody did for a record: its creators, and DataCite's contributor types."""

    CREATOR = "Creator", pgettext_lazy("role", "Author")
    EDITOR = "Editor", pgettext_lazy("role", "Editor")
    CONTACT_PERSON = "ContactPerson", _("Contact person")
    DATA_COLLECTOR = "DataCollector", _("Data collector")
    DATA_CURATOR = "DataCurator", _("Data curator")
    PROJECT_LEADER = "ProjectLeader", _("Project leader")
    PROJECT_MEMBER = "ProjectMember", _("Project member")
    RESEARCHER = "Researcher", _("Researcher")
    SPONSOR = "Sponsor", _("Sponsor")
    SUPERVISOR = "Supervisor", _("Supervisor")
    HOSTING_INSTITUTION = "HostingInstitution", _("Hosting institution")
    OTHER = "Other", pgettext_lazy("role", "Other contributor")


class PersonRole(TextChoices):
    """What somebody is in the field, in their own words; several may be true."""

    RESEARCHER = "researcher", _("Researcher")
    CLINICIAN = "clinician", _("Medical specialist")
    ENGINEER = "engineer", _("Engineer")
    ENTREPRENEUR = "entrepreneur", _("Entrepreneur")
    TEACHER = "teacher", _("Teacher")
    POLICY = "policy", _("Policy maker")
    STUDENT = "student", _("Student")


class ClaimState(TextChoices):
    """What became of somebody's word that a profile is theirs."""

    OPEN = "open", pgettext_lazy("claim", "Waits")
    CONFIRMED = "confirmed", pgettext_lazy("claim", "Confirmed")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")


class RelationType(TextChoices):
    """How a record relates to another (DataCite relationType)."""

    IS_NEW_VERSION_OF = "IsNewVersionOf", _("is a new version of")
    IS_PREVIOUS_VERSION_OF = "IsPreviousVersionOf", _("is an earlier version of")
    IS_SUPPLEMENT_TO = "IsSupplementTo", _("is a supplement to")
    IS_SUPPLEMENTED_BY = "IsSupplementedBy", _("is supplemented by")
    IS_PART_OF = "IsPartOf", _("is part of")
    HAS_PART = "HasPart", _("has part")
    CITES = "Cites", _("cites")
    IS_CITED_BY = "IsCitedBy", _("is cited by")
    REFERENCES = "References", _("refers to")
    IS_REFERENCED_BY = "IsReferencedBy", _("is referred to by")
    IS_DERIVED_FROM = "IsDerivedFrom", _("is derived from")
    IS_SOURCE_OF = "IsSourceOf", _("is the source of")
    IS_TRANSLATION_OF = "IsTranslationOf", _("is a translation of")
    HAS_TRANSLATION = "HasTranslation", _("has the translation")
    DOCUMENTS = "Documents", _("documents")
    IS_DOCUMENTED_BY = "IsDocumentedBy", _("is documented by")


VERSION_RELATIONS = (RelationType.IS_NEW_VERSION_OF, RelationType.IS_PREVIOUS_VERSION_OF)
"""Between records of this hub these are no related works, but places in a row: see models/versions.py."""


class IdentifierType(TextChoices):
    """The kind of a related identifier (DataCite relatedIdentifierType)."""

    DOI = "DOI", "DOI"
    ARXIV = "arXiv", "arXiv"
    HANDLE = "Handle", "Handle"
    ISBN = "ISBN", "ISBN"
    ISSN = "ISSN", "ISSN"
    PMID = "PMID", "PMID"
    URL = "URL", "URL"
    URN = "URN", "URN"


class NewsCategory(TextChoices):
    """What a news item is about."""

    HUB = "hub", _("About the hub")
    RESEARCH = "research", _("Research")
    EVENTS = "events", _("Around events")
    PEOPLE = "people", _("People and partners")
    CALLS = "calls", _("Calls and funding")


class EventKind(TextChoices):
    """The kinds of event that a cluster holds."""

    CONFERENCE = "conference", _("Conference")
    SCIENTIFIC_MEETING = "scientific_meeting", _("Scientific meeting")
    MEDICAL_TOUR = "medical_tour", _("Medical tour")
    MATCHMAKING = "matchmaking", _("Matchmaking meeting")
    INNOVATION_EVENT = "innovation_event", _("Innovation event")
    ROUND_TABLE = "round_table", _("Round table")


class EventRole(TextChoices):
    """What an organisation does for an event."""

    ORGANISER = "organiser", pgettext_lazy("organisation at an event", "Organiser")
    HOST = "host", pgettext_lazy("organisation at an event", "Host")
    PARTNER = "partner", pgettext_lazy("organisation at an event", "Partner")
    SPONSOR = "sponsor", pgettext_lazy("organisation at an event", "Sponsor")


class SpeakerRole(TextChoices):
    """What somebody does in a part of a programme."""

    SPEAKER = "speaker", pgettext_lazy("role", "Speaker")
    CHAIR = "chair", pgettext_lazy("role", "Chair")
    PANEL = "panel", pgettext_lazy("role", "Panel member")
    HOST = "host", pgettext_lazy("role", "Host")


class OrganisationKind(TextChoices):
    """What sort of organisation it is."""

    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    HOSPITAL = "hospital", _("Hospital")
    INSTITUTE = "institute", _("Institute")
    GOVERNMENT = "government", _("Government")
    OTHER = "other", pgettext_lazy("organisation", "Other")


class FileStatus(TextChoices):
    """How far the reading of a file has come, or what stopped it."""

    RECEIVED = "received", _("Waiting to be read")
    READING = "reading", _("Being read")
    READY = "ready", _("Read")
    PARTIAL = "partial", _("Partly read")
    NO_TEXT = "no_text", _("No text in it")
    PASSWORD = "password", _("Asks for a password")
    UNREADABLE = "unreadable", _("Cannot be read")
    LIMIT = "limit", _("Stopped by a limit")
    FAILED = "failed", _("Reading failed")


class PageStatus(TextChoices):
    """Where the text of a page comes from, or why it has none."""

    TEXT = "text", _("Text")
    RECOGNISED = "recognised", _("Recognised text")
    NO_TEXT = "no_text", _("No text")
    UNREADABLE = "unreadable", _("Cannot be read")


class PageReason(TextChoices):
    """Why a page cannot be searched, or not as well as others."""

    DAMAGED = "damaged", _("Damaged.")
    LIMIT = "limit", _("Reading takes more time or memory than one page may.")
    NOT_REACHED = "not_reached", _("Reading the file stopped before it came here.")
    GARBLED = "garbled", _("The file does not say which letters the text is made of.")
    NO_WORDS = "no_words", _("No words in the file: a scan or a picture, perhaps.")
    OFFICE = "office", _("No words, and pictures in Office files are not recognised.")
    BLANK = "blank", _("Blank.")
    NOT_RECOGNISED = "not_recognised", _("No words recognised in the picture.")
    TOO_HARD = "too_hard", _("Recognising the text broke off.")


class Fixity(TextChoices):
    """What the last check of a file's bytes against its checksum found."""

    INTACT = "intact", _("As it came in")
    CHANGED = "changed", _("Changed since it came in")
    MISSING = "missing", _("Gone from the disk")
    UNREADABLE = "unreadable", _("The disk cannot read it")


class Licence(TextChoices):
    """The licences a depositor can choose, by SPDX identifier."""

    CC0 = "CC0-1.0", "CC0 1.0"
    CC_BY = "CC-BY-4.0", "CC BY 4.0"
    CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"
    CC_BY_NC = "CC-BY-NC-4.0", "CC BY-NC 4.0"
    CC_BY_NC_SA = "CC-BY-NC-SA-4.0", "CC BY-NC-SA 4.0"
    CC_BY_ND = "CC-BY-ND-4.0", "CC BY-ND 4.0"
    CC_BY_NC_ND = "CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0"
    ALL_RIGHTS = "all-rights-reserved", _("All rights reserved")


LICENCE_URIS: dict[str, str] = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Licence.CC_BY_NC_SA: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    Licence.CC_BY_ND: "https://creativecommons.org/licenses/by-nd/4.0/",
    Licence.CC_BY_NC_ND: "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    Licence.ALL_RIGHTS: "http://rightsstatements.org/vocab/InC/1.0/",
}

LANGUAGES: tuple[tuple[str, object], ...] = (
    ("nl", _("Dutch")),
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("fy", _("Frisian")),
    ("mul", _("Several languages")),
    ("und", _("Language not known")),
)
"""Languages of records (BCP 47), the two of the site first."""


class SuggestionSource(TextChoices):
    """Where a suggested value came from."""

    PAGE = "page", _("the first pages")
    SLIDE = "slide", _("the title slide")
    PROPERTIES = "properties", _("the file's properties")
    TEXT = "text", _("the text")
    RECOGNISED = "recognised", _("recognised text")
    CROSSREF = "crossref", "Crossref"
    DATACITE = "datacite", "DataCite"


class SensitiveKind(TextChoices):
    """What a file may tell of a patient."""

    CITIZEN_NUMBER = "citizen_number", _("Citizen service number (BSN)")
    BIRTH_DATE = "birth_date", _("Date of birth")
    PATIENT_NUMBER = "patient_number", _("Patient number")
    IMAGE_HEADER = "image_header", _("Text of a scan")
    HIDDEN_TEXT = "hidden_text", _("Hidden text")


class SensitivePlace(TextChoices):
    """Where in a file it stands."""

    TEXT = "text", _("text of the page")
    NOTES = "notes", _("notes, annotations or form fields")
    HIDDEN = "hidden", _("hidden text")
    PROPERTIES = "properties", _("the file's properties")


class FindingState(TextChoices):
    """What has become of a sign of patient data."""

    OPEN = "open", _("Open")
    JUSTIFIED = "justified", _("Justified")
    FIXED = "fixed", _("No longer in the file")


class Confidence(TextChoices):
    """How sure a suggested value is, in a word."""

    SURE = "sure", _("sure")
    LIKELY = "likely", _("likely")
    DOUBTFUL = "doubtful", _("doubtful")


class Likeness(TextChoices):
    """How two names are alike."""

    SAME = "same", _("same name")
    SHORTER = "shorter", _("one has more given names")
    INITIALS = "initials", _("initials of the same given name")
    SAME_INITIALS = "same_initials", _("same initials and family name")
    PARTICLES = "particles", _("same but for particles")
    ORDER = "order", _("same words in another order")
    SPELLING = "spelling", _("another spelling")
    SECOND_NAME = "second_name", _("one has a second family name")
    SUFFIX = "suffix", _("same but for a suffix")
    ABBREVIATION = "abbreviation", _("abbreviation of the other")
    LONGER = "longer", _("one name begins with the other")
    SYNONYM = "synonym", _("a label that both have")
    PLURAL = "plural", _("singular and plural")


class Evidence(TextChoices):
    """What else speaks for two being one, or against it."""

    CO_AUTHORS = "co_authors", _("authors in common")
    EMPLOYER = "employer", _("organisation in common")
    OTHER_EMPLOYERS = "other_employers", _("no organisation in common")
    PEOPLE = "people", _("people in common")
    WEBSITE = "website", _("same website")
    CITY = "city", _("same city")
    COUNTRY = "country", _("different countries")


class DepositState(TextChoices):
    """Where a deposit stands."""

    DRAFT = "draft", pgettext_lazy("deposit", "Draft")
    SENT_BACK = "sent_back", pgettext_lazy("deposit", "Sent back to you")
    IN_REVIEW = "in_review", pgettext_lazy("deposit", "In review")
    LIVE = "live", pgettext_lazy("deposit", "Live")
    WITHDRAWN = "withdrawn", pgettext_lazy("deposit", "Withdrawn")


class ContactState(TextChoices):
    """Where a question to somebody of the hub, or to the cluster, stands."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("contact request", "Address not confirmed")
    AT_DESK = "at_desk", pgettext_lazy("contact request", "With the editors")
    PASSED_ON = "passed_on", pgettext_lazy("contact request", "Passed on")
    ANSWERED = "answered", pgettext_lazy("contact request", "Answered")
    CLOSED = "closed", pgettext_lazy("contact request", "Closed")


class ContactOutcome(TextChoices):
    """What came of a question."""

    MATCHED = "matched", pgettext_lazy("contact request", "Brought together")
    ANSWERED = "answered", pgettext_lazy("contact request", "Answered")
    NO_ANSWER = "no_answer", pgettext_lazy("contact request", "No answer")
    TURNED_AWAY = "turned_away", pgettext_lazy("contact request", "Not a question for the hub")


class ContactVoice(TextChoices):
    """Who speaks in the conversation about a question."""

    ASKER = "asker", pgettext_lazy("contact request", "who asked")
    RECEIVER = "receiver", pgettext_lazy("contact request", "who was asked")
    DESK = "desk", pgettext_lazy("contact request", "the editors")


class PassingEnd(TextChoices):
    """Why somebody no longer has a question before them."""

    DECLINED = "declined", pgettext_lazy("contact request", "could not help")
    PASSED_ON = "passed_on", pgettext_lazy("contact request", "passed it on")
    SILENT = "silent", pgettext_lazy("contact request", "did not answer")
    UNDELIVERED = "undelivered", pgettext_lazy("contact request", "the mail did not arrive")
    CLOSED = "closed", pgettext_lazy("contact request", "the question was closed")


class BulkState(TextChoices):
    """How far a change of many records has come."""

    PREPARED = "prepared", _("not applied")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


class BulkOutcome(TextChoices):
    """What became of one record in it."""

    WAITING = "waiting", _("waits")
    CHANGED = "changed", _("changed")
    SAME = "same", _("was so already")
    REFUSED = "refused", _("could not be changed")
    RESTORED = "restored", _("changed back")
    PARTLY = "partly", _("changed back in part")
    KEPT = "kept", _("stayed as it is")


class BulkRefusal(TextChoices):
    """Why a record cannot be changed together with others."""

    GONE = "gone", _("no longer there")
    NO_RIGHT = "no_right", _("you may not change it")
    LOCKED = "locked", _("locked by somebody")
    IN_REVIEW = "in_review", _("in review")
    SCHEDULED = "scheduled", _("goes live by itself later")
