"""Records from metadata and back: create, update, describe, find again, and what is done with their files."""

from publications.records.describing import metadata_of, with_metadata
from publications.records.duplicates import Duplicate, find_duplicates
from publications.records.files import StagedFile, attach_file, attach_staged, remove_file, safe_file_name, staged
from publications.records.filling import FieldSuggestion, compare, fill_empty_fields
from publications.records.importing import ImportReport, import_records
from publications.records.lookalikes import Likeness, Lookalike, find_lookalikes, lookalikes_of, lookalikes_of_file
from publications.records.tagging import change_topics
from publications.records.versions import add_version, begin_version, remove_version, versions_of
from publications.records.writing import Matchers, create_record, update_record

__all__ = [
    "Duplicate",
    "FieldSuggestion",
    "ImportReport",
    "Likeness",
    "Lookalike",
    "Matchers",
    "StagedFile",
    "add_version",
    "attach_file",
    "attach_staged",
    "begin_version",
    "change_topics",
    "compare",
    "create_record",
    "fill_empty_fields",
    "find_duplicates",
    "find_lookalikes",
    "import_records",
    "lookalikes_of",
    "lookalikes_of_file",
    "metadata_of",
    "remove_file",
    "remove_version",
    "safe_file_name",
    "staged",
    "update_record",
    "versions_of",
    "with_metadata",
]
