"""SKOS by rdflib. A file is untrusted: it may not name entities or fetch anything, and is read from memory alone."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax import SAXParseException

from django.utils.translation import gettext as _
from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from publications.errors import FormatError
from publications.skos.concepts import Concept, ConceptFile, Fault, Words, one_line

KEPT = {
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SKOS.definition,
    SKOS.broader,
    SKOS.narrower,
    SKOS.related,
    SKOS.exactMatch,
}
IMPLIED = {RDF.type, SKOS.inScheme, SKOS.topConceptOf}
CONTEXT: dict[str, Any] = {
    "skos": str(SKOS),
    "dcterms": str(DCTERMS),
    **{name: f"skos:{name}" for name in ("prefLabel", "altLabel", "definition")},
    **{
        name: {"@id": f"skos:{name}", "@type": "@id"}
        for name in ("broader", "narrower", "related", "exactMatch", "inScheme", "topConceptOf", "hasTopConcept")
    },
}
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


# Reading ---------------------------------------------------------------------------------------------------------


def read_rdf(text: str, syntax: str, *, base: str) -> ConceptFile:
    """The concepts of a file. Raises FormatError, with its line where one is known, for what is no RDF."""
    graph = _parse(text, syntax, base=base)
    subjects = set(graph.subjects(RDF.type, SKOS.Concept)) | set(graph.subjects(SKOS.prefLabel))
    subjects -= set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    named = sorted(subject for subject in subjects if isinstance(subject, URIRef))
    faults = [Fault(_("a concept"), _("has no address of its own."))] * (len(subjects) - len(named))
    narrower_of = defaultdict(set)
    for above, below in graph.subject_objects(SKOS.narrower):
        narrower_of[below].add(str(above))
    concepts = []
    for subject in named:
        faults += _faults_of(graph, subject)
        concepts.append(_concept(graph, subject, narrower_of[subject]))
    return ConceptFile(tuple(concepts), tuple(faults), tuple(_notes(graph, named)))


def _parse(text: str, syntax: str, *, base: str) -> Graph:
    if syntax == "xml":
        # An entity may stand for more than memory holds, or for a file of this machine.
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise FormatError(_("The file declares a document type or entities. Save it without them."))
        text = XML_DECLARATION.sub("", text)
    try:
        if syntax == "json-ld":
            _check_contexts(json.loads(text))
        return Graph(bind_namespaces="none").parse(data=text, format=syntax, publicID=base)
    except FormatError:
        raise
    except Exception as error:  # rdflib raises whatever it comes to on its way through a file that is no RDF
        raise _as_format_error(error, text) from error


def _as_format_error(error: Exception, text: str) -> FormatError:
    """What an editor can do about it, with the line."""
    match error:
        case SAXParseException():
            return FormatError(error.getMessage(), line=error.getLineNumber())
        case json.JSONDecodeError():
            return FormatError(error.msg, line=error.lineno)
        case BadSyntax():
            return FormatError(error.message, line=error.lines + 1)
        case IndexError():
            return FormatError(_("The file ends too early."), line=text.count("\n") + 1)
        case RecursionError():
            return FormatError(_("The file is nested too deeply."))
    return FormatError(_("This is no SKOS that can be read: %(error)s") % {"error": str(error)[:200]})


def _check_contexts(value: Any) -> None:
    """Raises FormatError for a context that would have to be fetched from elsewhere."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            contexts = part.get("@context", [])
            contexts = contexts if isinstance(contexts, list) else [contexts]
            if any(isinstance(context, str) for context in contexts) or "@import" in part:
                raise FormatError(_("The file names a context elsewhere. Save it with its context in it."))


def _concept(graph: Graph, subject: URIRef, narrower_of: set[str]) -> Concept:
    languages: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for label in sorted(_literals(graph, subject, SKOS.prefLabel)):
        languages[_language(label)].setdefault("label", one_line(label))
    for alternative in sorted(
        {*_literals(graph, subject, SKOS.altLabel), *_literals(graph, subject, SKOS.hiddenLabel)}
    ):
        languages[_language(alternative)].setdefault("synonyms", []).append(one_line(alternative))
    for definition in sorted(_literals(graph, subject, SKOS.definition)):
        languages[_language(definition)].setdefault("definition", str(definition).strip())
    return Concept(
        uri=str(subject),
        place=str(subject),
        words={
            language: Words(**(found | {"synonyms": tuple(dict.fromkeys(found.get("synonyms", ())))}))
            for language, found in languages.items()
        },
        broader=tuple(sorted({*_uris(graph, subject, SKOS.broader), *narrower_of})),
        related=tuple(sorted({*_uris(graph, subject, SKOS.related), *map(str, graph.subjects(SKOS.related, subject))})),
        exact_matches=tuple(_uris(graph, subject, SKOS.exactMatch)),
    )


def _literals(graph: Graph, subject: Node, predicate: URIRef) -> Iterator[Literal]:
    return (value for value in graph.objects(subject, predicate) if isinstance(value, Literal) and value.strip())


def _uris(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    return sorted(str(value) for value in graph.objects(subject, predicate) if isinstance(value, URIRef))


def _language(text: Literal) -> str:
    """A text without a language is taken for English."""
    return str(text.language or "en").lower()


def _faults_of(graph: Graph, subject: URIRef) -> Iterator[Fault]:
    labels = Counter(_language(label) for label in _literals(graph, subject, SKOS.prefLabel))
    for language, number in sorted(labels.items()):
        if number > 1:
            yield Fault(
                str(subject), _("has %(number)d labels in “%(language)s”.") % {"number": number, "language": language}
            )
    for predicate in (SKOS.broader, SKOS.narrower, SKOS.related, SKOS.exactMatch):
        if any(not isinstance(value, URIRef) for value in graph.objects(subject, predicate)):
            name = predicate.removeprefix(str(SKOS))
            yield Fault(str(subject), _("leads by “%(name)s” to what is no address.") % {"name": name})


def _notes(graph: Graph, subjects: Iterable[URIRef]) -> Iterator[str]:
    left_out = Counter(
        predicate for subject in subjects for predicate in graph.predicates(subject) if predicate not in KEPT | IMPLIED
    )
    for predicate, number in sorted(left_out.items()):
        name = str(predicate).replace(str(SKOS), "skos:")
        yield _("Left out, as topics have no place for it: %(name)s (%(number)d times).") % {
            "name": name,
            "number": number,
        }
    if any(True for _subject in graph.subject_objects(SKOS.hiddenLabel)):
        yield _("Hidden labels become synonyms.")
    if any(not label.language for label in graph.objects(None, SKOS.prefLabel) if isinstance(label, Literal)):
        yield _("Labels without a language are taken for English.")


# Writing ---------------------------------------------------------------------------------------------------------


def write_rdf(concepts: Iterable[Concept], syntax: str, *, scheme: str, titles: dict[str, str]) -> str:
    """The concepts in a scheme of this name, with its titles by language."""
    graph = Graph(bind_namespaces="core")
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    of_scheme = URIRef(scheme)
    graph.add((of_scheme, RDF.type, SKOS.ConceptScheme))
    for language, title in titles.items():
        graph.add((of_scheme, DCTERMS.title, Literal(title, lang=language)))
    for concept in concepts:
        _add(graph, concept, of_scheme)
    if syntax == "json-ld":
        return _in_order(graph.serialize(format=syntax, context=CONTEXT))
    return str(graph.serialize(format="pretty-xml" if syntax == "xml" else syntax))


def _in_order(text: str) -> str:
    """JSON-LD with what has no order in one: rdflib writes it as it comes out of sets, another way each time."""
    document = json.loads(text)
    for node in document["@graph"]:
        for value in node.values():
            if isinstance(value, list):
                value.sort(key=lambda one: json.dumps(one, sort_keys=True))
    document["@graph"].sort(key=lambda node: str(node["@id"]))
    return json.dumps(document, ensure_ascii=False, indent=2)


def _add(graph: Graph, concept: Concept, scheme: URIRef) -> None:
    subject = URIRef(concept.uri)
    graph.add((subject, RDF.type, SKOS.Concept))
    graph.add((subject, SKOS.inScheme, scheme))
    for language, words in concept.words.items():
        if words.label:
            graph.add((subject, SKOS.prefLabel, Literal(words.label, lang=language)))
        for synonym in words.synonyms:
            graph.add((subject, SKOS.altLabel, Literal(synonym, lang=language)))
        if words.definition:
            graph.add((subject, SKOS.definition, Literal(words.definition, lang=language)))
    for above in concept.broader:
        graph.add((subject, SKOS.broader, URIRef(above)))
        graph.add((URIRef(above), SKOS.narrower, subject))
    if not concept.broader:
        graph.add((subject, SKOS.topConceptOf, scheme))
        graph.add((scheme, SKOS.hasTopConcept, subject))
    for beside in concept.related:
        graph.add((subject, SKOS.related, URIRef(beside)))
    for same in concept.exact_matches:
        graph.add((subject, SKOS.exactMatch, URIRef(same)))
