"""The documentation says what is there, all of it, and nothing else."""

import ast
import json
import re
import secrets
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver
from packaging.requirements import Requirement

from knowledge_hub.api import api
from publications.formats import FORMATS, csv
from search import forms, queries, widening
from search.api import ExpertsOut, SearchOut, SuggestionsOut
from search.documents import FACET_FIELDS, QUERYABLE_FIELDS
from search.engines.whoosh import matching
from search.forms import NEWEST_VERSIONS

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
OUR_APPS = ("knowledge_hub", "publications", "search")
PROJECT_FILE = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows(text: str) -> Iterator[list[str]]:
    """The rows of all tables, cell by cell, code as plain text; without headings."""
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("| ") and not line.startswith("| ---") and not following.startswith("| ---"):
            yield [cell.strip().strip("`") for cell in line.strip("|").split(" | ")]


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    level = heading.split(" ")[0]
    _before, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"no heading {heading}"
    return re.split(rf"\n#{{1,{len(level)}}} ", rest)[0]


# Settings ------------------------------------------------------------------------------------------------------


def read_variables() -> dict[str, ast.expr | None]:
    """The environment variables that the settings read, with their defaults."""
    found: dict[str, ast.expr | None] = {}
    for path in sorted((PROJECT / "knowledge_hub" / "settings").glob("*.py")):
        for node in ast.walk(ast.parse(read(path))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "env":
                name = ast.literal_eval(node.args[0])
                default = node.args[1] if len(node.args) > 1 and node.func.attr != "required" else None
                found[name] = found.get(name) or default
    return found


def test_every_setting_is_documented_and_every_documented_setting_exists():
    text = read(REFERENCE / "settings.md").partition("## Read elsewhere")[0]
    documented = [cells[0] for cells in rows(text) if cells[0].isupper()]

    assert sorted(documented) == sorted(read_variables())


def test_numbers_and_switches_have_the_documented_defaults():
    documented = {cells[0]: cells[1] for cells in rows(read(REFERENCE / "settings.md"))}

    for name, default in read_variables().items():
        if isinstance(default, ast.Constant) and isinstance(default.value, bool):
            assert documented[name] == ("yes" if default.value else "no"), name
        elif isinstance(default, ast.Constant) and isinstance(default.value, int):
            assert documented[name] == str(default.value), name


def test_nothing_but_env_reads_the_environment():
    offenders = [
        str(path.relative_to(PROJECT))
        for app in OUR_APPS
        for path in (PROJECT / app).rglob("*.py")
        if path.name != "env.py" and re.search(r"os\.getenv|os\.environ\[|os\.environ\.get", read(path))
    ]

    # The sandbox picks what a child process may have; it reads no setting.
    assert offenders == ["publications/ingest/sandbox.py"]


def test_the_environment_of_the_guide_satisfies_production(tmp_path: Path):
    guide = section(read(DOCS / "how-to" / "run.md"), "## The environment")
    given = dict(line.strip().split("=", 1) for line in re.findall(r"^ {4}[A-Z_]+=.*$", guide, re.MULTILINE))
    environment = given | {"HUB_VAR": str(tmp_path), "SECRET_KEY": secrets.token_urlsafe(50)}

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert given["DJANGO_SETTINGS_MODULE"] == "knowledge_hub.settings.production"
    assert checked.returncode == 0, checked.stderr


# Commands ------------------------------------------------------------------------------------------------------


def our_commands() -> dict[str, BaseCommand]:
    return {name: load_command_class(app, name) for name, app in get_commands().items() if app in OUR_APPS}


def test_every_command_is_documented_and_every_documented_command_exists():
    ours = read(REFERENCE / "commands.md").partition("## Of Django")[0]

    assert sorted(re.findall(r"^### `(\w+)`$", ours, re.MULTILINE)) == sorted(our_commands())


@pytest.mark.parametrize("name", sorted(our_commands()))
def test_a_command_has_a_help_sentence_and_all_its_options_are_documented(name: str):
    command = our_commands()[name]
    text = section(read(REFERENCE / "commands.md"), f"### `{name}`")
    parser = command.create_parser("manage.py", name)
    general = BaseCommand().create_parser("manage.py", name)
    options = {option for action in parser._actions for option in action.option_strings}
    own = options - {option for action in general._actions for option in action.option_strings}

    assert command.help.endswith(".")
    assert set(re.findall(r"^\| `(--[\w-]+)`", text, re.MULTILINE)) == own


# Addresses -----------------------------------------------------------------------------------------------------


def own_addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Every address that our own code answers, as the documentation writes it."""
    for entry in resolver.url_patterns:
        address = prefix + readable(entry)
        if isinstance(entry, URLPattern):
            yield address
        elif not is_of_wagtail(entry):
            yield from own_addresses(entry, address)


def readable(entry: URLPattern | URLResolver) -> str:
    pattern = str(entry.pattern)
    if pattern == "en/":
        return "{lang}/"
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def is_of_wagtail(resolver: URLResolver) -> bool:
    return "wagtail" in getattr(resolver.urlconf_name, "__name__", "")


def test_every_address_is_documented_and_every_documented_address_exists():
    text = read(REFERENCE / "addresses.md")
    documented = [cells[0] for cells in rows(text) if cells[0].startswith("/")]

    # An address of the API that knows two methods is two patterns.
    assert sorted(documented) == sorted(set(own_addresses(get_resolver())))


def test_formats_are_documented_as_they_are():
    documented = [tuple(cells) for cells in rows(section(read(REFERENCE / "addresses.md"), "## Formats"))]

    assert documented == [
        (known.label, known.extension, known.media_type, "yes" if known.loads else "no") for known in FORMATS
    ]


def test_every_column_of_csv_is_documented_and_no_other():
    text = section(read(DOCS / "how-to" / "import.md"), "### Columns of a CSV file")

    assert sorted(cells[0] for cells in rows(text)) == sorted(csv.COLUMNS)


def test_named_csv_aliases_exist():
    text = section(read(DOCS / "how-to" / "import.md"), "### Columns of a CSV file").partition("Some other names")[2]
    named = set(re.findall(r"`([a-z_]+)`", text))

    assert named <= set(csv.ALIASES) | set(csv.COLUMNS)


# The API -------------------------------------------------------------------------------------------------------


def test_every_address_and_parameter_of_the_api_is_documented():
    text = read(REFERENCE / "api.md")
    description = api.get_openapi_schema()
    parameters = [parameter["name"] for parameter in description["paths"]["/api/v1/search"]["get"]["parameters"]]

    assert re.findall(r"^## `(/api/\S+)`$", text, re.MULTILINE) == list(description["paths"])
    assert [cells[0] for cells in rows(section(text, "## Parameters"))] == parameters


@pytest.mark.parametrize("schema", [SearchOut, ExpertsOut, SuggestionsOut])
def test_the_example_answers_have_the_form_of_real_ones(schema: Any):
    blocks = dict(re.findall(r"^```json (\w+)\n(.*?)^```", read(REFERENCE / "api.md"), re.MULTILINE | re.DOTALL))
    example = json.loads(blocks[schema.__name__])

    assert schema.model_validate(example).model_dump() == example


def test_all_facets_are_named():
    sentence = next(line for line in read(REFERENCE / "api.md").splitlines() if line.startswith("- `facets` has"))

    assert set(re.findall(r"`(\w+)`", sentence)) == {"facets", *FACET_FIELDS} - set(NEWEST_VERSIONS)


# The query language ----------------------------------------------------------------------------------------------

QUERY_LANGUAGE = read(REFERENCE / "query-language.md")


@pytest.mark.parametrize("typed", [cells[0] for cells in rows(section(QUERY_LANGUAGE, "## In short"))])
def test_the_examples_of_queries_are_understood(typed: str):
    assert queries.parse(typed) not in (queries.Everything(), queries.Or(()))


@pytest.mark.parametrize(("typed", "meant"), list(rows(section(QUERY_LANGUAGE, "## How things bind"))))
def test_queries_bind_as_documented(typed: str, meant: str):
    assert queries.parse(typed) == queries.parse(meant)


@pytest.mark.parametrize(("typed", "note"), list(rows(section(QUERY_LANGUAGE, "## What cannot be understood"))))
def test_queries_that_cannot_be_understood_say_what_is_documented(typed: str, note: str):
    assert queries.parse_leniently(typed)[1] == note


def test_all_fields_of_queries_are_documented():
    assert {cells[0] for cells in rows(section(QUERY_LANGUAGE, "## Fields"))} == QUERYABLE_FIELDS


def test_the_limits_of_queries_are_documented():
    limits = (
        f"{forms.MAX_QUERY_LENGTH} characters",
        f"{queries.MAX_CLAUSES} words",
        f"{queries.MAX_EXPANDED} words",
        f"{queries.MAX_DEPTH} parentheses",
        f"the {matching.MAX_PREFIX_WORDS:,} and",
        f"the {matching.MAX_FUZZY_WORDS} nearest",
        f"At most {widening.MAX_LABELS} labels",
    )

    assert [limit for limit in limits if limit not in QUERY_LANGUAGE] == []


# make, links, names --------------------------------------------------------------------------------------------


def test_every_make_target_is_documented_and_every_documented_one_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):.*## ", read(PROJECT / "Makefile"), re.MULTILINE))
    table = section(read(DOCS / "how-to" / "develop.md"), "## Set up")
    mention = re.compile(r"(?:`|^ {4})make ([a-z][a-z-]*)", re.MULTILINE)

    assert {cells[0].removeprefix("make ") for cells in rows(table)} == targets
    assert {name for page in PAGES for name in mention.findall(read(page))} == targets


def test_ci_runs_the_test_command_of_the_readme():
    (command,) = re.findall(r"^ {4}(make test.*)$", read(PROJECT / "README.md"), re.MULTILINE)
    script = read(PROJECT / ".ci" / "run")

    assert re.findall(rf"^(?:\w+=\S+ )*{command}$", script, re.MULTILINE) != []


def slugs(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in slugs(read(file))):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_files_that_are_named_exist(page: Path):
    pattern = rf"`((?:{'|'.join(OUR_APPS)}|templates|tests|docs|\.ci)/[\w./-]+)`"
    named = set(re.findall(pattern, read(page)))

    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_pictures_are_small_enough_to_load_at_once():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "images").iterdir()}

    assert sizes
    assert {name for name, size in sizes.items() if size > 300_000} == set()


def test_the_architecture_names_every_module_in_its_order():
    text = section(read(DOCS / "architecture.md"), "## Who imports whom")
    for contract in PROJECT_FILE["tool"]["importlinter"]["contracts"]:
        for app in contract.get("containers", []):
            paragraph = text.partition(f"\n`{app}`: ")[2].partition("\n\n")[0]
            layers = [name for layer in contract["layers"] for name in layer.split(" | ")]

            assert re.findall(r"`(\w+)`", paragraph) == layers


# Licences ------------------------------------------------------------------------------------------------------


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def runtime_requirements() -> list[Requirement]:
    return [Requirement(text) for text in PROJECT_FILE["project"]["dependencies"]]


def with_their_own(requirements: list[Requirement]) -> Iterator[metadata.Distribution]:
    """The installed packages behind these requirements, and those behind theirs."""
    waiting, seen = list(requirements), set()
    while waiting:
        requirement = waiting.pop()
        key = (canonical(requirement.name), tuple(sorted(requirement.extras)))
        if key in seen:
            continue
        seen.add(key)
        distribution = metadata.distribution(requirement.name)
        yield distribution
        for text in distribution.requires or []:
            other = Requirement(text)
            extras = ["", *requirement.extras]
            if other.marker is None or any(other.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(other)


def licence_of(distribution: metadata.Distribution) -> str:
    """What a package says of its licence: the expression, else its classifiers and the first line of the text."""
    about = distribution.metadata
    classifiers = [name for name in about.get_all("Classifier", []) if name.startswith("License")]
    return about.get("License-Expression") or "; ".join([*classifiers, (about.get("License") or "").split("\n")[0]])


def test_every_runtime_dependency_is_in_the_table_of_licences():
    documented = [cells[0] for cells in rows(read(REFERENCE / "licences.md"))]

    assert documented == sorted(canonical(requirement.name) for requirement in runtime_requirements())


def test_no_dependency_is_under_a_licence_that_would_bind_the_hub():
    licences = {found.metadata["Name"]: licence_of(found) for found in with_their_own(runtime_requirements())}
    binding = re.compile(r"AGPL|Affero|(?<!L)GPL|(?<!Lesser )General Public|SSPL|Commons Clause|BUSL", re.IGNORECASE)

    assert len(licences) > len(runtime_requirements())
    assert {name: licence for name, licence in licences.items() if binding.search(licence)} == {}
    assert {name for name, licence in licences.items() if not licence.strip("; ")} == set()
