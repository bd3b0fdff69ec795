import pytest

from publications.ingest.language import detect_language, detect_page_language

DUTCH = (
    "De onderzoekers vergeleken beelden van honderd patiënten en stelden vast dat de nieuwe methode de tumor "
    "nauwkeuriger aftekent dan de artsen tot nu toe met de hand deden, ook wanneer de opname van mindere kwaliteit was."
)
ENGLISH = (
    "We compared the images of a hundred patients and found that the new method delineates the tumour more accurately "
    "than physicians have done by hand so far, even where the acquisition was of a lower quality than usual."
)
FINNISH = (
    "Tutkijat vertasivat sadan potilaan kuvia ja totesivat, että uusi menetelmä rajaa kasvaimen tarkemmin kuin "
    "lääkärit ovat tähän asti käsin tehneet, myös silloin kun kuvan laatu oli tavallista heikompi ja aineisto pieni."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (DUTCH, "nl"),
        (ENGLISH, "en"),
        (FINNISH, "fi"),
        ("De patiënt werd onderzocht met MRI en CT.", "nl"),
        ("Die Klinik hat für die Untersuchung einen neuen Scanner.", "de"),
        ("L'hôpital a acheté un nouveau scanner pour la recherche.", "fr"),
        ("It sykhûs yn Ljouwert hat in nije scanner krigen foar it ûndersyk nei kanker.", "fy"),
        ("", "und"),
        ("12.5 ± 3.4 (p < 0.05) | 7 8 9", "und"),
        ("Fig. 3", "und"),
    ],
)
def test_language_of_a_text(text: str, language: str):
    assert detect_language(text) == language


def test_a_page_is_in_the_language_of_its_document_unless_it_clearly_is_not():
    assert detect_page_language("TABLE 2\nU-Net 0.81 0.87", document="nl") == "nl"
    assert detect_page_language(ENGLISH, document="nl") == "en"
    assert detect_page_language(DUTCH, document="und") == "nl"
    assert detect_page_language(ENGLISH, document="fi") == "fi"
