"""Deposits: work on its way in, from the files that somebody drops to a record that an editor approves.

`intake` takes files, DOIs and bibliographies in; `answers` says what a form holds and what the files suggest for it;
`saving` keeps it and `sending` hands it to the editors, `reviewing` hands it back or publishes it, `settling` makes its
authors people of the hub. `checks` warns, `progress` tells how far the reading is. Read `models/deposits.py` first.
"""
