"""The demo content as plain values: read from the files in content/, checked, and handed to the loader.

People, works and most organisations are invented. Records, news and pages are Markdown-like files with TOML front
matter between two lines of +++ (markup.py says what the text may hold); everything else is TOML. Things name each
other by slug. A mistake in a file raises ValueError with a sentence that names the file.
"""

import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from publications.demo import checks
from publications.demo.things import (
    DemoCollection,
    DemoContent,
    DemoEvent,
    DemoFunder,
    DemoHome,
    DemoNews,
    DemoOrganisation,
    DemoPage,
    DemoPerson,
    DemoProject,
    DemoRecord,
    DemoSeries,
    DemoTopic,
)

CONTENT = Path(__file__).parent / "content"
FILE_BREAK = "\n===file===\n"
DUTCH_BREAK = "\n===nl===\n"

T = TypeVar("T")


def load_content(folder: Path = CONTENT) -> DemoContent:
    """The demo content, read and checked. Raises ValueError with the file and what is wrong in it."""
    content = DemoContent(
        home=_build(DemoHome, _read_toml(folder / "home.toml"), "home.toml"),
        topics=_read_table(DemoTopic, folder, "topics"),
        organisations=_read_table(DemoOrganisation, folder, "organisations"),
        people=_read_table(DemoPerson, folder, "people"),
        funders=_read_table(DemoFunder, folder, "funders"),
        projects=_read_table(DemoProject, folder, "projects"),
        series=_read_table(DemoSeries, folder, "series"),
        events=_read_table(DemoEvent, folder, "events"),
        records=_read_texts(DemoRecord, folder / "records", _split_files),
        collections=_read_table(DemoCollection, folder, "collections"),
        news=_read_texts(DemoNews, folder / "news", _split_languages),
        pages=_read_texts(DemoPage, folder / "pages", _split_languages),
    )
    checks.check_content(content)
    return content


def _read_toml(path: Path) -> dict[str, Any]:
    return _parse_toml(path.read_text(encoding="utf-8"), path.name)


def _parse_toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{where}: {error}") from error


def _read_table(kind: type[T], folder: Path, name: str) -> dict[str, T]:
    """The things of one TOML file, in which each has a table of its own, named by its slug."""
    where = f"{name}.toml"
    tables = _read_toml(folder / where)
    return {slug: _build(kind, {"slug": slug, **table}, f"{where}, {slug}") for slug, table in tables.items()}


def _read_texts(kind: type[T], folder: Path, split: Any) -> dict[str, T]:
    """The things of a folder of texts with front matter; the file's name is the slug."""
    things = {}
    for path in sorted(folder.glob("*.md")):
        opening, front_matter, body = [
            *path.read_text(encoding="utf-8").split("+++\n", 2),
            "",
            "",
        ][:3]
        if opening.strip() or not front_matter:
            raise ValueError(f"{path.name}: the file must begin with front matter between two lines of +++.")
        table = split(_parse_toml(front_matter, path.name), body.strip("\n"), path.name)
        things[path.stem] = _build(kind, {"slug": path.stem, **table}, path.name)
    return things


def _split_files(table: dict[str, Any], body: str, where: str) -> dict[str, Any]:
    """Gives each file of a record its text: the body holds one for each, in order."""
    files = table.get("files", [])
    texts = body.split(FILE_BREAK) if body else []
    if len(files) != len(texts):
        raise ValueError(f"{where}: {len(files)} files are named, but the body holds the text of {len(texts)}.")
    return table | {"files": [file | {"text": text.strip()} for file, text in zip(files, texts, strict=True)]}


def _split_languages(table: dict[str, Any], body: str, where: str) -> dict[str, Any]:
    english, _, dutch = body.partition(DUTCH_BREAK)
    if not english.strip() or not dutch.strip():
        raise ValueError(f"{where}: the body needs an English and a Dutch text, parted by ===nl===.")
    return table | {"body": {"en": english.strip(), "nl": dutch.strip()}}


def _build(kind: type[T], table: dict[str, Any], where: str) -> T:
    """A dataclass from a TOML table, its parts converted by their annotations."""
    hints = get_type_hints(kind)
    if unknown := set(table) - set(hints):
        raise ValueError(f"{where}: nothing is called {', '.join(sorted(unknown))} here.")
    values = {key: _convert(hints[key], value, f"{where}, {key}") for key, value in table.items()}
    required = {item.name for item in fields(kind) if _is_required(item)}  # type: ignore[arg-type]
    if missing := required - set(values):
        raise ValueError(f"{where}: {', '.join(sorted(missing))} is missing.")
    return kind(**values)


def _is_required(item: Any) -> bool:
    return item.default is item.default_factory


def _convert(hint: Any, value: Any, where: str) -> Any:
    if is_dataclass(hint) and isinstance(value, dict):
        return _build(hint, value, where)  # type: ignore[arg-type]
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_convert(get_args(hint)[0], part, where) for part in value)
    if isinstance(hint, UnionType):
        hint = get_args(hint)[0]
    if not isinstance(hint, type) or type(value) is not hint:
        raise ValueError(f"{where}: {value!r} is not of the right kind.")
    return value.strip() if isinstance(value, str) else value
