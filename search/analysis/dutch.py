"""Dutch: two stemmers side by side, rules for what both miss or confuse, compounds, and words that say nothing.

Neither of the two stemmers is enough. On the word pairs of tests/search/analysis/dutch_pairs.txt Kraaij–Pohlmann
("dutch") joins 173 of 235 related pairs and the older Snowball stemmer ("dutch_porter") 134; words that agree in either
of them 196, with the rules below 232. Of 106 pairs that only look alike the two join 35, with the rules none. Composing
the stemmers, or undoubling letters after them, was no better than either.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import Stemmer

from search.analysis.families import Keys, keys_by_hand

# The second argument turns off the stemmers' own caches, which threads would share.
_kraaij_pohlmann = Stemmer.Stemmer("dutch", 0)
_porter = Stemmer.Stemmer("dutch_porter", 0)

# Endings that both stemmers leave alone, rewritten to a form they know. Words arrive
# folded: "biopsieen", not "biopsieën".
_REWRITES = (
    (re.compile(r"ieen$"), "ie"),  # biopsieën, industrieën
    (re.compile(r"(?<=[a-z]{3})eer[td]e?$"), "eren"),  # segmenteert, gesegmenteerde
    (re.compile(r"(?<=[a-z]{3}[^aeiou])(e[lr])[td]e?$"), r"\1en"),  # behandelt, verbeterde
    (re.compile(r"aal[td]e?$"), "alen"),  # bestraald
    (re.compile(r"^(?:ge)?(\w{2,}ct)(?:eren|eer[td]?|eerde[nr]?)$"), r"\1ie"),  # detecteren, geïnfecteerd
    (re.compile(r"oses$"), "osis"),  # doses
    (re.compile(r"ia$"), "ium"),  # stadia
    (re.compile(r"(?<=[a-z]{2})tjes?$"), "t"),  # kaartje
)
_IRREGULAR = {
    "kinderen": "kind",
    "groter": "groot",
    "grotere": "groot",
    "hersenen": "hersen",
    "hoger": "hoog",
    "hogere": "hoog",
    "kleiner": "klein",
    "kleinere": "klein",
    "levens": "leven",
    "sneller": "snel",
    "snellere": "snel",
    "studien": "studie",
    "onderzocht": "onderzoek",
    "onderzochte": "onderzoek",
    "vergeleken": "vergelijken",
    "ontstoken": "ontsteken",
    "reeel": "reele",
}

_STOP_WORDS = """
de het een der des den ten ter die dat deze dit zulk zulke zo zon ik mij me mijn je jij jou jouw u uw hij
hem zijn zij ze haar wij we ons onze jullie hun hen zich zichzelf elkaar men wie wat welk welke waar wanneer
waarom hoe is ben bent was waren wordt worden werd werden geworden heb hebt heeft hebben had hadden gehad
kan kun kunt kunnen kon konden mag mogen moet moeten moest zal zullen zou zouden wil willen wilde doen doet
deed gedaan geweest en of maar want dus noch als dan toen indien omdat doordat terwijl hoewel zodat tenzij
totdat van in op aan met voor door bij uit over onder tot naar om te tegen tussen tijdens na sinds per via
zonder binnen buiten volgens vanuit er hier daar hierbij hierin hiervan daarbij daarin daarvan daarom
waarbij waarin waarvan erop ervan niet geen wel ook nog al alle alles ander andere anders beide elk elke
enige enkele iedere ieder iets niets meer meest minder veel weinig zeer heel toch reeds steeds weer zelf
zelfs nu zowel slechts echter bijvoorbeeld etc enz dwz ca
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Each line is one word in all its forms, whose stem others have that mean something else: "geleverd" is not the liver,
# "huidig" not skin, "halen" not the neck. The same holds for stop words: "met" is not "meten", "mag" not "maag".
_FAMILIES = """
aanwezig aanwezige aanwezigen aanwezigheid
arts artsen artsje
bekken bekkens
bot botten botje botjes
gebied gebieden
gehalte gehalten gehaltes
gezicht gezichten
hals halzen
hand handen handje handjes
huid huiden
kwaal kwalen
lever levers levertje levertjes
maag magen maagje maagjes
maat maten maatje maatjes
matig matige matiger
mond monden mondje mondjes
plaat platen plaatje plaatjes
plaats plaatsen plaatst plaatste plaatsten geplaatst geplaatste plaatsing plaatsingen
pols polsen
stelsel stelsels
vat vaten vaatje vaatjes vaat
weefsel weefsels
wet wetten
wijzig wijzigt wijzigde wijzigden wijzigen gewijzigd gewijzigde wijziging wijzigingen
"""
_BY_HAND = keys_by_hand(_FAMILIES, alone=STOP_WORDS, language="nl")


def keys_of(words: Sequence[str]) -> list[Keys]:
    """Of each Dutch word, what its forms have in common; two words belong together if they share one of these."""
    return [_keys(word) for word in words]


def _keys(word: str) -> Keys:
    if word in _BY_HAND:
        return _BY_HAND[word]
    forms = [word, *(pattern.sub(form, word) for pattern, form in _REWRITES if pattern.search(word))]
    if word in _IRREGULAR:
        forms.append(_IRREGULAR[word])
    found = {f"k:{stem}" for stem in _kraaij_pohlmann.stemWords(forms)}
    found |= {f"p:{stem}" for stem in _porter.stemWords(forms)}
    return tuple(sorted(found))


# Compounds ---------------------------------------------------------------------------------------------------

_SHORTEST_PART = 4
_LONGEST_COMPOUND = 40
# Nouns of three letters that medical Dutch builds with; other short words are mostly parts of longer ones by chance.
_SHORT_PARTS = frozenset(
    {"arm", "bed", "bot", "cel", "dag", "dij", "dna", "eeg", "gal", "gel", "gen", "kop", "lab", "lip", "mri", "nek"}
    | {"oog", "oor", "pet", "pil", "rna", "rug", "uur", "vet", "wet"}
)
# What stands between two parts: "ziekenhuis" + "bed", "behandeling" + s + "plan", "ziekte" + n + "last".
_LINKS = ("", "s", "n", "en", "e")
# A part stands in the compound in one form, in the collection perhaps in another. At its end: "technieken", "techniek";
# before the end the stem of a verb: "behandel(en)" + "plan".
_ENDINGS = ("en", "s", "n", "e")
_VERB_ENDINGS = ("en", "ing")


def split_compound(word: str, is_word: Callable[[str], bool]) -> frozenset[str]:
    """The words that a compound is made of: two wherever that is possible, else three; none for any other word.

    is_word: whether the collection has a word by itself; only such are parts. "beeldvormingstechnieken" is
    "beeldvorming" and "technieken" where the collection has both, or a form of them.
    """
    if not 2 * _SHORTEST_PART - 1 <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
        return frozenset()
    tails = [start for start in range(3, len(word) - 2) if _is_tail(word[start:], is_word)]
    in_two = [(head, word[start:]) for start in tails if (head := _head(word[:start], is_word))]
    if in_two:
        return frozenset(part for parts in in_two for part in parts)
    for start in tails:
        for middle in range(3, start - 2):
            first, second = _head(word[:middle], is_word), _head(word[middle:start], is_word)
            if first and second:
                return frozenset({first, second, word[start:]})
    return frozenset()


def _head(beginning: str, is_word: Callable[[str], bool]) -> str:
    """The beginning of a compound without what links it to the rest; "" if that is no word."""
    for link in _LINKS:
        head = beginning.removesuffix(link) if beginning.endswith(link) else ""
        if _may_be_part(head) and (is_word(head) or (not link and _is_word_with(head, _VERB_ENDINGS, is_word))):
            return head
    return ""


def _is_tail(text: str, is_word: Callable[[str], bool]) -> bool:
    return _may_be_part(text) and (is_word(text) or any(is_word(form) for form in _shorter_forms(text)))


def _shorter_forms(text: str) -> Iterator[str]:
    """The word without an ending of the plural or the like: "technieken", "bedden"."""
    for ending in _ENDINGS:
        stem = text.removesuffix(ending)
        if len(stem) < len(text) and _may_be_part(stem):
            yield stem
            if stem[-1] == stem[-2] and _may_be_part(stem[:-1]):
                yield stem[:-1]


def _is_word_with(stem: str, endings: tuple[str, ...], is_word: Callable[[str], bool]) -> bool:
    return len(stem) > _SHORTEST_PART and any(is_word(stem + ending) for ending in endings)


def _may_be_part(text: str) -> bool:
    return text in _SHORT_PARTS if len(text) < _SHORTEST_PART else text not in STOP_WORDS
