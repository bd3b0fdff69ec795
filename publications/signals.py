"""What this app tells whoever listens; it does not know who does (search listens, see search/receivers.py).

record_changed: sent inside the transaction that changes what a reader may find of records.
    kwargs: pids (tuple of PIDs). Publishing, unpublishing, deleting, a person's new name: all of it.
file_ingested: sent inside the transaction that saves what was read from a file. kwargs: file.
changes_wanted_now: sent by a command that promises that what it did can be found when it returns; whoever indexes
    does so before it answers.
quotations_wanted: asks whoever searches for the words of records that answer a question. kwargs: pids, q, user, today.
    A listener returns a list of `publications.contact.evidence.Quoted`.
held_wanted: asks what else is held under an e-mail address. kwargs: address. A listener returns plain values by name.
address_erased: sent when everything that somebody left under an address is to go. kwargs: address. A listener returns
    how many things it erased.
"""

from django.dispatch import Signal

record_changed = Signal()
file_ingested = Signal()

changes_wanted_now = Signal()

quotations_wanted = Signal()
held_wanted = Signal()
address_erased = Signal()
