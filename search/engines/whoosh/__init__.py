"""The embedded engine: Whoosh keeps the files, numpy does the matching.

Read `engine.py` first, then from the bottom: `schema` (what is written), `folder` (where, and who may write), `writing`
(transactions), `postings` and `segments` (reading it back), `snapshots` (the state of one commit), `matching` (the
query), `results` (facets, order, pages and marks), `suggesting`. Nothing outside this package knows Whoosh.
"""
