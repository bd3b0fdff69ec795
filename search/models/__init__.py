"""What search keeps in the database: outbox of the index, stamp of the thesaurus, searches in vain and kept ones."""

from search.models.alerts import Digest, Frequency, Kind, SavedSearch, Subscriber
from search.models.empty_searches import EmptySearch, IgnoredSearch
from search.models.outbox import IndexEntry, ThesaurusStamp

__all__ = [
    "Digest",
    "EmptySearch",
    "Frequency",
    "IgnoredSearch",
    "IndexEntry",
    "Kind",
    "SavedSearch",
    "Subscriber",
    "ThesaurusStamp",
]
