"""Two that turn out to be one: people, organisations, topics.

Each merge is one transaction. Works, names and links of the merged one go to the kept one; the merged row stays and
leads there. `previews.py` says beforehand what a merge would do, `journal.py` notes what it did. `undoing.py` takes it
back, and `undo_previews.py` says beforehand what that would do.
"""

from publications.merging.organisations import merge_organisations
from publications.merging.people import merge_people
from publications.merging.previews import MergePreview, preview_merge
from publications.merging.topics import merge_topics
from publications.merging.undo_previews import UndoPreview, preview_undo
from publications.merging.undoing import undo_merge

__all__ = [
    "MergePreview",
    "UndoPreview",
    "merge_organisations",
    "merge_people",
    "merge_topics",
    "preview_merge",
    "preview_undo",
    "undo_merge",
]
