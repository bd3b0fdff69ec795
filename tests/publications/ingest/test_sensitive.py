"""Signs of patient data in plain texts. Every number, name and date here is invented."""

import pytest

from publications.ingest.sensitive import Finding, Source, cover, find_sensitive, is_citizen_number
from publications.vocabularies import Confidence, SensitiveKind, SensitivePlace

CITIZEN = SensitiveKind.CITIZEN_NUMBER


def find(text: str, place: SensitivePlace = SensitivePlace.TEXT) -> list[Finding]:
    return find_sensitive([Source(text, place, 3)])


def kinds(text: str) -> set[str]:
    return {finding.kind for finding in find(text)}


@pytest.mark.parametrize("digits", ["111222333", "123456782", "12345672", "012345672", "999999990"])
def test_numbers_that_pass_the_check(digits: str) -> None:
    assert is_citizen_number(digits)


@pytest.mark.parametrize("digits", ["123456789", "111222334", "000000000", "1234567", "1234567821", "000000012"])
def test_numbers_that_do_not(digits: str) -> None:
    assert not is_citizen_number(digits)


@pytest.mark.parametrize(
    "text",
    [
        "BSN 123456782",
        "BSN: 1234.56.782",
        "bsn-nummer 123 456 782",
        "Burgerservicenummer van de patiënt: 123.456.782",
        "burgerservicenr. 12345672",
        "Sofinummer 123-456-782",
        "Her citizen service number is 123456782.",
        "BSN: 123\u00a0456\u00a0782",
        "Mevrouw de Vries (123456782) kwam voor controle.",
        "The patient, 123456782, was seen twice.",
        "123456782",
        "Naam BSN Opname\nJ. de Vries 123456782 12\nP. Bakker 12345672 13",
        "Tel. 020 123 45 67, patiënt J. Smit, 123456782",
        "1234.56.782",
    ],
)
def test_citizen_numbers_are_found(text: str) -> None:
    found = [finding for finding in find(text) if finding.kind == CITIZEN]
    assert found
    assert "123456782" in found[0].value or "12345672" in found[0].value


@pytest.mark.parametrize(
    "text",
    [
        "Tel. 123456782",
        "Call +31 123456782 during the day",
        "Telefoon: 020-123456782",
        "doi:10.1148/rg.123456782",
        "https://doi.org/10.5070/123456782",
        "doi 10.\n1148/rg.123456782",
        "ISBN 978-1-123456782-1",
        "ISSN 1234-5672",
        "https://orcid.org/0000-0001-2345-6782",
        "German Research Foundation (DFG) under grant number 123456782",
        "supported by NWO, project 1234.56.782",
        "arXiv:1234.56782",
        "arXiv:2345.67820 and 12345.6782",
        "IBAN NL91 ABNA 1234 5678 20",
        "NL91ABNA0123456782",
        "issuecomment-123456782",
        "github.com/hub/issues/123456782",
        "PMID: 123456782",
        "KvK 12345672",
        "swh:1:rev:e123456782fd",
        "a checksum of 123456782ab",
        "0.123456782",
        "123456782.5 voxels",
        "a loss of 1.123456782",
        "123456789",
        "BSN 123456789",
        "61876012 from NSFC, 12345672 images",
        "1123456782",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert CITIZEN not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jan de Vries, geboren 12-03-1961",
        "J. de Vries (geb. 12 maart 1961)",
        "Geboortedatum: 12/03/1961",
        "Naam Geboortedatum\nJan de Vries 12-03-1961",
        "geb.dat. 12.03.61",
        "mevrouw Bakker is geboren te Utrecht op 12 maart 1961",
        "DOB 03/12/1961",
        "D.O.B.: 1961-03-12",
        "Date of birth: March 12, 1961",
        "He was born in Haarlem, the Netherlands, on the 12th of March 1961.",
        "PatientBirthDate 19610312",
        "Patient: Jan de Vries 12-03-1961",
        "dhr. P.J. van den Berg, 12-03-1961",
        "Patiënt Bakker (V) 12-03-1961",
        "Jan de Vries 12-03-1961",
        "J. de Vries (12/03/1961)",
    ],
)
def test_birth_dates_are_found(text: str) -> None:
    assert SensitiveKind.BIRTH_DATE in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "children born between 1 January 2010 and 31 December 2012",
        "kinderen geboren vanaf 1 januari 2010",
        "infants born after 12-03-2010",
        "Max Born, 1926",
        "De baby's zijn te vroeg geboren. Op 12 maart 2019 begon de studie.",
        "Jan de Vries, 12-03-2024",
        "Accessed 2020/04/28",
        "Logius. 12 juni 2018",
        "born in 1961",
        "Version of 12-03-1999",
    ],
)
def test_other_dates_are_not(text: str) -> None:
    assert SensitiveKind.BIRTH_DATE not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Patiëntnummer 1234567",
        "patientnr.: 0012345",
        "Patiënt-nr 48213",
        "Patient ID: AB123456",
        "PatientID = 4821377",
        "MRN 00482137",
        "PID: 4821377",
        "ZIS-nr 4821377",
        "medical record number 4821377",
        "hospital no. 48-21-377",
        "Patient number: 4821 377",
    ],
)
def test_patient_numbers_are_found(text: str) -> None:
    assert SensitiveKind.PATIENT_NUMBER in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The number of patients: 12345",
        "a PID controller with gain 3",
        "Patient ID: LIDC-IDRI-0078",
        "patient no. 12",
        "the patient number was reduced",
        "one PatientID for each StudyInstanceUID",
    ],
)
def test_other_numbers_of_patients_are_not(text: str) -> None:
    assert SensitiveKind.PATIENT_NUMBER not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Patient Name: DOE^JOHN",
        "PatientName: Jansen",
        "Patient's Name: de Vries, Jan".replace(": de", ": De"),
        "JANSEN^PIET^^^",
        "Accession Number: 48213771",
        "StudyDate 20190612",
        "Study Date: 12-06-2019",
        "(0010,0010) PN [Jansen^Piet]",
    ],
)
def test_what_scanners_write_is_found(text: str) -> None:
    assert SensitiveKind.IMAGE_HEADER in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Patient Name: ANONYMOUS",
        "Patient Name: xxx",
        "the tags PatientName, PatientID and StudyDate were removed",
        "accession number GSE123456",
        "x^y and A^T",
    ],
)
def test_what_they_do_not_is_not(text: str) -> None:
    assert not kinds(text)


def test_a_finding_covers_its_digits_and_those_around_it() -> None:
    (found,) = find("Op 3 mei kwam patiënt J. Smit (BSN 123456782), kamer 4711.")
    assert "•••••••82" in found.passage
    assert "123456" not in found.passage
    assert "4711" not in found.passage
    assert "123456782" not in repr(found)
    assert (found.page, found.confidence) == (3, Confidence.SURE)


def test_a_passage_is_cut_between_words() -> None:
    words = "achtergrondinformatie " * 3
    assert find(f"{words}BSN 123456782 {words}")[0].passage.split()[0] == "…"
    assert find(f"{words}BSN 123456782 {words}")[0].passage.split()[1:3] == ["achtergrondinformatie", "BSN"]
    assert find("BSN 123456782")[0].passage == "BSN •••••••82"


def test_covering() -> None:
    assert cover("12-03-1961", shown=2) == "••-••-••61"
    assert cover("no digits") == "no digits"


def test_a_value_counts_once_a_page() -> None:
    texts = [Source("BSN 123456782", page=1), Source("BSN 1234.56.782", SensitivePlace.NOTES, 1)]
    assert len(find_sensitive(texts)) == 1
    assert len(find_sensitive([*texts, Source("BSN 123456782", page=2)])) == 2


def test_hidden_text_is_a_finding_whatever_it_says() -> None:
    assert [finding.kind for finding in find("for the reviewer only", SensitivePlace.HIDDEN)] == ["hidden_text"]
    assert not find("  . ", SensitivePlace.HIDDEN)
    both = find("BSN 123456782", SensitivePlace.HIDDEN)
    assert {finding.kind for finding in both} == {"hidden_text", "citizen_number"}
    assert all("123456" not in finding.passage for finding in both)


@pytest.mark.parametrize("text", ["", "1" * 100_000, "1 " * 50_000, "born " * 20_000, "A. " * 30_000, "BSN " * 30_000])
def test_long_texts_take_no_time(text: str) -> None:
    assert find(text) == []
