"""Topics as files: SKOS in RDF/XML, Turtle and JSON-LD, and CSV.

`files.py` reads and writes them, as plain values (`concepts.py`); `planning.py` compares what a file says with the
topics there are, and says what would change and what is wrong; `applying.py` does what a plan without faults says.
"""

from publications.skos.applying import apply_plan
from publications.skos.concepts import Concept, ConceptFile, Fault, Words
from publications.skos.describing import concepts_of
from publications.skos.files import FORMATS, MAX_BYTES, Format, find_format, read_file, write_file
from publications.skos.planning import Plan, plan_import

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Concept",
    "ConceptFile",
    "Fault",
    "Format",
    "Plan",
    "Words",
    "apply_plan",
    "concepts_of",
    "find_format",
    "plan_import",
    "read_file",
    "write_file",
]
