"""Saved searches: questions that the hub keeps asking, and mails on what is new in their answers.

Read `looking` first (what is new in an answer, for one reader), then `digests` (looks for everybody who is due, and
notes what they are told) and `sending`, which mails it. `keeping` is what readers do: keep a question, confirm it, end
it.
"""
