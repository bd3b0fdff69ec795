"""What can go wrong while searching.

SearchError
├── QuerySyntaxError      the reader's query cannot be parsed: search it as plain words and say so
├── IndexUnavailable      there is no usable index: the site says so, and `rebuild_index` makes one
│   ├── IndexMissing      none was ever built, or its folder is gone
│   └── IndexDamaged      a file of it does not read back as it was written
├── IndexLocked           another process is writing the index
├── IndexNotWritten       the disk is full or refuses: nothing was changed, and what is due stays due
└── NotKept               a question cannot be kept; the sentence is for the reader
"""


class SearchError(Exception):
    """The base of everything this app raises on purpose."""


class QuerySyntaxError(SearchError):
    """The query does not follow the query language; the message says where."""


class IndexUnavailable(SearchError):
    """There is no index to search; an empty result would be a lie."""


class IndexMissing(IndexUnavailable):
    """No index has been built yet."""


class IndexDamaged(IndexUnavailable):
    """A file of the index is damaged; the message names it."""


class IndexLocked(SearchError):
    """Another process holds the one writer's lock."""


class IndexNotWritten(SearchError):
    """The disk did not take what was to be written; the index is as it was."""


class NotKept(SearchError):
    """A question cannot be kept; the message says to its reader why."""
