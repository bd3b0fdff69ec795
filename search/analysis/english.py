"""English: Porter's second stemmer, rules for what it misses or confuses, and words too common to say anything.

On the word pairs of tests/search/analysis/english_pairs.txt, chosen where it may go wrong, the stemmer alone joins 48
of 147 related pairs and 21 of 53 that only look alike; with the rules below 143 and 1.
"""

import re
from collections.abc import Sequence

import Stemmer

from search.analysis.families import Keys, keys_by_hand

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

# British spellings as American ones. They make up words too ("contour" becomes "contor"): nobody sees them, and it does
# no harm as long as all forms of a word are made up alike and none is another word.
_AMERICAN = (
    (re.compile(r"(?<=[a-z]{3})our(?=s$|ed$|ing$|al$|ally$|less$|$)"), "or"),  # tumour, behavioural, coloured
    (re.compile(r"(?<![aeiou])ae(?=[cdmst])"), "e"),  # haemorrhage, anaemia, paediatric, gynaecology
    (re.compile(r"^oe(?=[ds])|(?<=f)oe(?=t)|(?<=[hnr])oe(?=a)"), "e"),  # oedema, foetus, diarrhoea
    # visualise, normalised, localisation; but "precision" and "supervision" belong to "precise" and "supervise"
    (re.compile(r"(?<=[a-z]{3})(?<![acopv])(?<!pr)is(?=e[drs]?$|ers$|ing$|ations?$)"), "iz"),
    (re.compile(r"(?<=ly)s(?=e[drs]?$|ing$)"), "z"),  # analyse, catalysed
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),  # centre, fibre, millimetres
)
_IRREGULAR = {
    "ageing": "aging",
    "centred": "centered",
    "centring": "centering",
    "feet": "foot",
    "grey": "gray",
    "mice": "mouse",
    "programme": "program",
    "programmes": "programs",
    "teeth": "tooth",
    "women": "woman",
}

# Each line is one word in all its forms. The first ones the stemmer takes for another ("several" for "severe",
# "position" for "positive"), of the others it leaves forms apart. "matrix" and "matrices" stay apart: joined they cost
# more than all lines together gain.
_FAMILIES = """
animal animals
author authors authored authoring
conversion conversions
digit digits
emergency emergencies
experience experiences experienced experiencing
intensive intensively
medication medications
numerous
object objects
position positions positional positioned positioning
publication publications
secret secrets
several
subject subjects
vertical vertically
accurate accurately accuracy accuracies
analysis analyses analyze analyzes analyzed analyzing analyzer analyzers
apex apices apical
atrium atria atrial
automatic automatically automated automate automates automating automation
bronchus bronchi bronchial
child children
cirrhosis cirrhotic
cortex cortices cortical
crisis crises
criterion criteria
diagnosis diagnoses diagnose diagnosed diagnosing diagnostic diagnostics diagnostically
experiment experiments experimental experimentally experimented experimenting experimentation
fetus fetuses fetal
fibrosis fibrotic
hilum hila hilar
hypothesis hypotheses hypothesize hypothesizes hypothesized
injury injuries injure injured injuring
metastasis metastases metastatic metastasize metastasized
move moves moved moving movement movements
muscle muscles muscular
necrosis necroses necrotic
node nodes nodal
nodule nodules nodular
noise noises noisy
nucleus nuclei
phenomenon phenomena
prognosis prognoses prognostic
register registers registered registering registration registrations
sclerosis sclerotic
septum septa septal
spectrum spectra spectral
spine spines spinal
stable stably stability stabilize stabilized stabilizes stabilizing stabilization
stenosis stenoses stenotic
stimulus stimuli
synthesis syntheses synthesize synthesizes synthesized synthesizing synthetic synthetically
thorax thoraces thoracic
thrombosis thromboses thrombotic thrombus thrombi
treat treats treated treating treatment treatments
valve valves valvular
vertebra vertebrae vertebral
virus viruses viral
"""
_BY_HAND = keys_by_hand(_FAMILIES, alone=STOP_WORDS, language="en")


def keys_of(words: Sequence[str]) -> list[Keys]:
    """Of each English word, what its forms have in common."""
    forms = [word if word in _BY_HAND else _american(word) for word in words]
    stems = _stemmer.stemWords(forms)
    return [_BY_HAND.get(form) or (f"e:{stem}",) for form, stem in zip(forms, stems, strict=True)]


def _american(word: str) -> str:
    """The word as it is spelled in American English; a form that no rule reaches, as one that a rule does."""
    for pattern, spelling in _AMERICAN:
        word = pattern.sub(spelling, word)
    return _IRREGULAR.get(word, word)
