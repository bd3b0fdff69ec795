"""Rules of collections: questions to the search that are asked anew whenever a collection is shown.

Whoever searches reads them and answers, through two signals. Nothing of an answer is kept, so that it always fits who
asks, and when.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from publications.signals import rule_read, rules_asked

LONGEST = 2000
"""Characters that a rule may have."""


@dataclass(frozen=True)
class Rule:
    """A rule as the search understands it, in the language that is active."""

    question: str = ""
    """The parameters of its page, "?q=dose&topic=ct"; what was typed where it is no question."""
    words: str = ""
    """What it looks for, as people say it."""
    url: str = ""
    """The page of the search that asks the same; "" where it is no question."""
    is_words_only: bool = False
    problems: tuple[str, ...] = ()
    """Sentences on why it cannot be published as it is."""

    @property
    def text(self) -> str:
        """What an editor sees in the form: the words alone where there is nothing else."""
        return self.words if self.is_words_only else self.question


def read_rule(text: str) -> Rule:
    """What a rule says: words, or the address of a page of the search."""
    answers: Any = rule_read.send(sender=Rule, text=text) if text.strip() else ()
    return next((rule for _receiver, rule in answers), Rule(question=text.strip()))


def ask_rules(rules: Iterable[str], *, audiences: frozenset[str], today: date) -> Mapping[str, frozenset[str]]:
    """For each rule the PIDs of all records that it finds for these audiences; left out where nobody can tell now."""
    wanted = tuple(dict.fromkeys(filter(None, rules)))
    answers: Any = rules_asked.send(sender=Rule, rules=wanted, audiences=audiences, today=today) if wanted else ()
    return {rule: pids for _receiver, found in answers for rule, pids in found.items()}
