"""English: Porter's second stemmer, and the words too common to say what a text is about."""

from collections.abc import Sequence

import Stemmer

# The second argument turns off the stemmer's own cache, which threads would share.
_stemmer = Stemmer.Stemmer("english", 0)

_STOP_WORDS = """
a an the this that these those such i me my mine myself we us our ours ourselves you your yours yourself
yourselves he him his himself she her hers herself it its itself they them their theirs themselves who whom
whose which what when where why how am is are was were be been being have has had having do does did doing
done can could may might must shall should will would ought cannot and or but nor if because as until while
than then so though although whether of at by for with about against between into through during before
after above below to from up down in out on off over under again further within without upon per via among
toward towards here there all any both each few more most other some no not only own same too very just also
once ever now however thus hence therefore s t d ll m re ve dont doesnt didnt isnt arent wasnt werent cant
couldnt wont wouldnt shouldnt eg ie etc al
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def keys_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Of each English word, what its forms have in common."""
    return [(f"e:{stem}",) for stem in _stemmer.stemWords(words)]
