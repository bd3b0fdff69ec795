"""The content model. Each module holds one kind of thing with what hangs on it."""

from publications.models.addresses import FormerAddress
from publications.models.bulk_changes import BulkChange, BulkChangeItem
from publications.models.claims import ProfileClaim
from publications.models.collections import Collection, CollectionExclusion, CollectionItem, RuleOrder
from publications.models.contact import ContactMail, ContactMessage, ContactRequest, Passing
from publications.models.contributions import Contribution, ContributionAffiliation
from publications.models.deposits import DailyUse, Deposit, ReviewComment, WithdrawalRequest
from publications.models.events import Event
from publications.models.files import FilePage, RecognisedWords, RecordFile
from publications.models.findings import SensitiveFinding
from publications.models.fingerprints import TextFingerprint, TitleFingerprint
from publications.models.funding import Funder, FundingReference, Project
from publications.models.images import HubImage, HubRendition
from publications.models.kinds import EventOutcome, Presentation, Publication
from publications.models.links import LinkUse, WatchedLink
from publications.models.merge_log import Distinction, DoublesPass, LikelyDouble, MergeLog
from publications.models.organisations import Organisation
from publications.models.pages import ContentPage, HomePage, NewsIndexPage, NewsPage
from publications.models.people import Person, PersonAffiliation
from publications.models.programmes import EventPartner, EventPhoto, EventSeries, EventSession, EventSpeaker
from publications.models.records import Record
from publications.models.related_identifiers import RelatedIdentifier
from publications.models.site import SiteSettings
from publications.models.tallies import DailyTally
from publications.models.tokens import ApiToken
from publications.models.topic_acts import TopicImport, TopicSplit
from publications.models.topics import TaggedRecord, Topic
from publications.models.users import User
from publications.models.versions import RecordVersion, VersionChain

__all__ = [
    "ApiToken",
    "BulkChange",
    "BulkChangeItem",
    "Collection",
    "CollectionExclusion",
    "CollectionItem",
    "ContactMail",
    "ContactMessage",
    "ContactRequest",
    "ContentPage",
    "Contribution",
    "ContributionAffiliation",
    "DailyTally",
    "DailyUse",
    "Deposit",
    "Distinction",
    "DoublesPass",
    "Event",
    "EventOutcome",
    "EventPartner",
    "EventPhoto",
    "EventSeries",
    "EventSession",
    "EventSpeaker",
    "FilePage",
    "FormerAddress",
    "Funder",
    "FundingReference",
    "HomePage",
    "HubImage",
    "HubRendition",
    "LikelyDouble",
    "LinkUse",
    "MergeLog",
    "NewsIndexPage",
    "NewsPage",
    "Organisation",
    "Passing",
    "Person",
    "PersonAffiliation",
    "Presentation",
    "ProfileClaim",
    "Project",
    "Publication",
    "RecognisedWords",
    "Record",
    "RecordFile",
    "RecordVersion",
    "RelatedIdentifier",
    "ReviewComment",
    "RuleOrder",
    "SensitiveFinding",
    "SiteSettings",
    "TaggedRecord",
    "TextFingerprint",
    "TitleFingerprint",
    "Topic",
    "TopicImport",
    "TopicSplit",
    "User",
    "VersionChain",
    "WatchedLink",
    "WithdrawalRequest",
]
