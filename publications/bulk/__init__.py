"""Many records changed in one act: planned, applied by a worker, noted, and taken back."""

from publications.bulk.applying import finish_change, start_change, start_undo
from publications.bulk.planning import Plan, PlannedRecord, plan_change, selectable
from publications.bulk.preparing import MOST_RECORDS, prepare_change
from publications.bulk.table import MAX_BYTES, read_table, write_table
from publications.bulk.wanted import Wanted

__all__ = [
    "MAX_BYTES",
    "MOST_RECORDS",
    "Plan",
    "PlannedRecord",
    "Wanted",
    "finish_change",
    "plan_change",
    "prepare_change",
    "read_table",
    "selectable",
    "start_change",
    "start_undo",
    "write_table",
]
