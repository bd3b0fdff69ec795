"""What this app tells whoever listens; it does not know who does (search listens, see search/receivers.py).

record_changed: sent inside the transaction that changes what a reader may find of records.
    kwargs: pids (tuple of PIDs). Publishing, unpublishing, deleting, a person's new name: all of it.
file_ingested: sent inside the transaction that saves what was read from a file. kwargs: file.
changes_wanted_now: sent by a command that promises that what it did can be found when it returns; whoever indexes
    does so before it answers.
quotations_wanted: asks whoever searches for the words of records that answer a question. kwargs: pids, q, user, today.
    A listener returns a list of `publications.contact.evidence.Quoted`.
"""

from django.dispatch import Signal

record_changed = Signal()
file_ingested = Signal()

changes_wanted_now = Signal()

quotations_wanted = Signal()
