"""What this app tells whoever listens; it does not know who does (search listens, see search/receivers.py).

record_changed: sent inside the transaction that changes what a reader may find of records.
    kwargs: record_ids (iterable of primary keys). Publishing, unpublishing, deleting, a person's new name: all of it.
file_ingested: sent inside the transaction that saves what was read from a file. kwargs: file.
"""

from django.dispatch import Signal

record_changed = Signal()
file_ingested = Signal()
