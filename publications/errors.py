"""What can go wrong with publications. Every message is a sentence that a depositor or editor can act on.

PublicationError
├── InvalidIdentifier         a PID, DOI, ORCID iD, ROR, ISBN or ISSN that does not check
├── FormatError               an entry of a bibliography that cannot be read (has the line)
├── LookupFailed              a registry did not answer or does not know the identifier
├── StorageFull               the disk has no room for what comes in
├── PublishingBlocked         a record of which a file may hold patient data
├── VersionError              records that cannot be versions of one work
├── ClaimError                a profile that cannot be this account's
├── LinkInvalid               a link out of a mail that is cut off or was made for something else
│   └── LinkExpired           its time is over
├── ContactError              a question that cannot go where it is to go
├── MailFailed                the mail server did not take a mail (says whether it ever will)
├── MergeError                two people, organisations or topics that cannot become one
└── IngestError               a file that cannot be read as it is
    ├── UnsupportedFile       not a kind of file that the hub reads
    ├── EmptyFile             nothing in it
    ├── FileTooLarge          over the limit of this hub
    ├── EncryptedFile         asks for a password
    ├── DamagedFile           cannot be opened
    ├── UnsettledFile         somebody is still writing it
    └── LimitReached          reading it took more time, memory or pages than one file may
"""


class PublicationError(Exception):
    """The base of everything this app raises on purpose."""


class InvalidIdentifier(PublicationError, ValueError):
    """The identifier is malformed or its check digit is wrong."""


class FormatError(PublicationError):
    """An entry cannot be read; `line` is where it begins (from 1), None where unknown."""

    def __init__(self, message: str, *, line: int | None = None, key: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.key = key


class LookupFailed(PublicationError):
    """Metadata could not be had from a registry."""


class StorageFull(PublicationError):
    """The disk has no room left; nothing of the file was kept."""


class PublishingBlocked(PublicationError):
    """The record cannot be published before an editor has decided about what its files may tell of patients."""


class VersionError(PublicationError):
    """The records cannot be versions of one work as they are."""


class ClaimError(PublicationError):
    """The profile cannot become this account's."""


class LinkInvalid(PublicationError):
    """The link is none of ours, or was made for something else."""


class LinkExpired(LinkInvalid):
    """The link was good once."""


class ContactError(PublicationError):
    """A question cannot be passed on, answered or closed as it is."""


class MailFailed(PublicationError):
    """A mail was not taken; `is_final` where another try would be no use. Names no address: it may end in a log."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class MergeError(PublicationError):
    """The two cannot become one as they are."""


class IngestError(PublicationError):
    """The file cannot be read; `code` is the FileStatus it gets."""

    code = "unreadable"


class UnsupportedFile(IngestError):
    """The file is of a kind that the hub does not read."""


class EmptyFile(IngestError):
    """The file has no content."""


class FileTooLarge(IngestError):
    """The file is larger than this hub accepts."""

    code = "limit"


class EncryptedFile(IngestError):
    """The file asks for a password."""

    code = "password"


class DamagedFile(IngestError):
    """The file is damaged or is not what its name says."""


class UnsettledFile(IngestError):
    """The file changed while it was copied."""


class LimitReached(IngestError):
    """Reading was stopped by a limit; `code` says so."""

    code = "limit"
