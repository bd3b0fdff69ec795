"""Who knows about something: people, organisations and events, ranked by the records that answer a question.

Read `voting` first (how records vote for those they name; plain values), then `questions` (what is asked), `candidates`
(who stands on which record), `evidence` (what is quoted) and `finder`, which puts them together. `shortlist` compares
some of those found.
"""
