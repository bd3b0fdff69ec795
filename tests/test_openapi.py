"""The API's description is valid OpenAPI, and changes only when somebody means it to.

`PYTHONPATH=. .venv/bin/python tests/test_openapi.py` writes the stored outline anew.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

OUTLINE = Path(__file__).parent / "samples" / "openapi.json"


def read_description() -> dict[str, Any]:
    """The description as a client gets it."""
    description: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return description


def outline(description: dict[str, Any]) -> dict[str, Any]:
    """What clients rely on: addresses, parameters, answers by status, and the fields of each schema."""
    return {
        "openapi": description["openapi"],
        "paths": {
            path: {method: outline_operation(operation) for method, operation in operations.items()}
            for path, operations in description["paths"].items()
        },
        "schemas": {
            name: {
                "properties": sorted(schema.get("properties", {})),
                "required": sorted(schema.get("required", [])),
            }
            for name, schema in sorted(description["components"]["schemas"].items())
        },
    }


def outline_operation(operation: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an operation with their types, and which schema it answers with."""
    return {
        "parameters": {
            parameter["name"]: parameter["schema"].get("type", "any") for parameter in operation.get("parameters", [])
        },
        "responses": {
            status: content["schema"]["$ref"].rpartition("/")[2]
            for status, response in operation["responses"].items()
            for content in response["content"].values()
        },
    }


def test_the_description_is_valid_openapi():
    errors = [error.message for error in OpenAPIV31SpecValidator(read_description()).iter_errors()]

    assert errors == []


def test_the_description_is_the_stored_one():
    assert outline(read_description()) == json.loads(OUTLINE.read_text())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.test")
    django.setup()
    OUTLINE.write_text(json.dumps(outline(read_description()), indent=2) + "\n")
