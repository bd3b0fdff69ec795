"""Records from metadata and back: create, update, describe, find again, and what is done with their files."""

from publications.records.describing import metadata_of, with_metadata
from publications.records.duplicates import Duplicate, find_duplicates
from publications.records.files import StagedFile, attach_file, attach_staged, remove_file, safe_file_name, staged
from publications.records.filling import FieldSuggestion, compare, fill_empty_fields
from publications.records.importing import ImportReport, import_records
from publications.records.writing import Matchers, create_record, update_record

__all__ = [
    "Duplicate",
    "FieldSuggestion",
    "ImportReport",
    "Matchers",
    "StagedFile",
    "attach_file",
    "attach_staged",
    "compare",
    "create_record",
    "fill_empty_fields",
    "find_duplicates",
    "import_records",
    "metadata_of",
    "remove_file",
    "safe_file_name",
    "staged",
    "update_record",
    "with_metadata",
]
