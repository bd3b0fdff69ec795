"""The project's own app: static files, translations and what wires the others together."""

from django.apps import AppConfig


class KnowledgeHubConfig(AppConfig):
    """Holds no models but one: signs of life."""

    name = "knowledge_hub"
    verbose_name = "Knowledge Hub"
