"""The words that only ask: "wij zoeken iemand die verstand heeft van echografie" is about echografie.

They stand in many texts ("we looked for"), and would count as evidence there. Only a question for somebody is taken
for one: "expert systems" is about experts. A word in quotation marks is always looked for.
"""

from search.analysis import UNKNOWN
from search.analysis.patterns import idle_words
from search.analysis.tokens import tokenize
from search.queries.tree import Or, Query, Word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SOMEBODY = _words("who whom anyone anybody someone somebody wie iemand")
_WHICH = _words("which what welk welke")
_PEOPLE = _words("""
    expert experts specialist specialists researcher researchers person persons people colleague colleagues partner
    partners company companies
    deskundige deskundigen specialisten onderzoeker onderzoekers persoon personen mensen collega collegas bedrijf
    bedrijven
    """)
_SEEKING = _words("""
    looking seek seeking find need needs wanted knowledge expertise experience experienced
    zoek zoekt zoeken gezocht vind vinden nodig kennis verstand ervaring ervaren
    """)
_BESIDES = _words("""
    know knows known work works working specialised specialized good best help
    weet weten ken kent kennen werk werkt werken bezig gespecialiseerd goed goede beste hulp helpen graag
    """)
_ASKING = _SOMEBODY | _PEOPLE | _SEEKING | _BESIDES


def unframe(query: Query) -> tuple[Query, tuple[str, ...]]:
    """The query without the words that only ask for somebody, and those words.

    Words side by side only, and never all that say something: "wie weet iets" is looked for as it is.
    """
    if not isinstance(query, Or):
        return query, ()
    typed = {part: _plain(part) for part in query.parts if isinstance(part, Word) and not part.field}
    if not _is_for_somebody(frozenset(typed.values())):
        return query, ()
    frame = [part for part, word in typed.items() if word in _ASKING]
    rest = tuple(part for part in query.parts if part not in frame)
    others = [part.text for part in rest if isinstance(part, Word)]
    says_nothing = idle_words(others, analyzer=UNKNOWN, beside_others=True)
    if all(isinstance(part, Word) and part.text in says_nothing for part in rest):
        return query, ()
    return rest[0] if len(rest) == 1 else Or(rest), tuple(part.text for part in frame)


def _is_for_somebody(words: frozenset[str]) -> bool:
    if words & _SOMEBODY:
        return True
    return bool(words & _PEOPLE) and bool(words & (_SEEKING | _WHICH))


def _plain(word: Word) -> str:
    """The word as it is compared: folded, without what stands around it; "" for an abbreviation such as WHO."""
    terms = [token.term for token in tokenize(word.text)]
    is_abbreviation = len(word.text) > 1 and word.text.isupper()
    return terms[0] if len(terms) == 1 and not is_abbreviation else ""
