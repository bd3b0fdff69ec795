"""Two that turn out to be one: people, organisations, topics.

Each merge is one transaction. Works, names and links of the merged one go to the kept one; the merged row stays and
leads there. `previews.py` says beforehand what a merge would do, `journal.py` notes what it did and takes it back.
"""

from publications.merging.journal import undo_merge
from publications.merging.organisations import merge_organisations
from publications.merging.people import merge_people
from publications.merging.previews import MergePreview, preview_merge
from publications.merging.topics import merge_topics

__all__ = ["MergePreview", "merge_organisations", "merge_people", "merge_topics", "preview_merge", "undo_merge"]
