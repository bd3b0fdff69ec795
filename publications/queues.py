"""How soon workers take a task: every change also enqueues some for Wagtail's own bookkeeping, an import thousands."""

SOMEBODY_WAITS = 50
"""The priority of what a person waits for: a file that is read, a mail, a change of many records. The rest has 0."""
