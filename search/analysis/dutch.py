"""Dutch: two stemmers side by side, rules for what both miss, and the words too common to say what a text is about.

Neither of the two stemmers is enough. On the word pairs of tests/search/analysis/dutch_pairs.txt Kraaij–Pohlmann
("dutch") joins 170 of 223 related pairs and the older Snowball stemmer ("dutch_porter") 132; words that agree in either
of them 192, with the rules below 217; composing the two (190) or undoubling letters after them (192, and more words
joined that should not be) was no better.
"""

import re

import Stemmer

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
    (re.compile(r"oses$"), "osis"),  # doses
    (re.compile(r"ia$"), "ium"),  # stadia
    (re.compile(r"(?<=[a-z]{2})tjes?$"), "t"),  # kaartje
)
_IRREGULAR = {
    "kinderen": "kind",
    "hersenen": "hersen",
    "levens": "leven",
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


def stem(word: str) -> tuple[str, ...]:
    """What the forms of a Dutch word have in common; two words belong together if they share one of these."""
    forms = [word, *(pattern.sub(form, word) for pattern, form in _REWRITES if pattern.search(word))]
    if word in _IRREGULAR:
        forms.append(_IRREGULAR[word])
    stems = {f"k {_kraaij_pohlmann.stemWord(form)}" for form in forms}
    stems |= {f"p {_porter.stemWord(form)}" for form in forms}
    return tuple(sorted(stems))
