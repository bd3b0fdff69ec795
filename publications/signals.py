"""What this app tells whoever listens; it does not know who does (search listens, see search/receivers.py).

record_changed: sent inside the transaction that changes what a reader may find of records.
    kwargs: pids (tuple of PIDs). Publishing, unpublishing, deleting, a person's new name: all of it.
file_ingested: sent inside the transaction that saves what was read from a file. kwargs: file.
changes_wanted_now: sent by a command that promises that what it did can be found when it returns; whoever indexes
    does so before it answers.
quotations_wanted: asks whoever searches for the words of records that answer a question. kwargs: pids, q, user, today.
    A listener returns a list of `publications.contact.evidence.Quoted`.
rule_read: asks whoever searches what the rule of a collection says. kwargs: text. A listener returns a
    `publications.rules.Rule`.
rules_asked: asks whoever searches which records these rules find. kwargs: rules, audiences, today. A listener returns
    the PIDs of each as a frozenset; of none where it cannot tell for the moment.
held_wanted: asks what else is held under an e-mail address. kwargs: address. A listener returns plain values by name.
address_erased: sent when everything that somebody left under an address is to go. kwargs: address. A listener returns
    how many things it erased.
"""

from django.dispatch import Signal

record_changed = Signal()
file_ingested = Signal()

changes_wanted_now = Signal()

quotations_wanted = Signal()
rule_read = Signal()
rules_asked = Signal()
held_wanted = Signal()
address_erased = Signal()
