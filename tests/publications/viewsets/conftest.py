"""Who works in the CMS."""

import pytest
from django.test import Client

from tests.factories import EditorFactory


@pytest.fixture
def editor(client: Client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor
