"""Walking through a FHIR resource as `json.loads` gives it, with the path of every place."""

import re
from collections.abc import Iterator, Mapping, Sequence

Json = Mapping[str, object]


def children(node: object, path: str, name: str) -> Iterator[tuple[str, object]]:
    """Yield the elements of this name, each item of a list by itself; "name[x]" is any type of it."""
    if not isinstance(node, dict):
        return
    names = [name]
    if name.endswith("[x]"):
        names = [key for key in node if re.fullmatch(rf"{name[:-3]}[A-Z]\w*", key)]
    for key in names:
        if key not in node:
            continue
        value, place = node[key], join(path, key)
        if isinstance(value, list):
            yield from ((f"{place}[{n}]", item) for n, item in enumerate(value))
        else:
            yield place, value


def objects(node: object, path: str, name: str) -> Iterator[tuple[str, Json]]:
    """Yield those children that are objects."""
    for place, child in children(node, path, name):
        if isinstance(child, dict):
            yield place, child


def descend(node: object, path: str, steps: Sequence[str]) -> Iterator[tuple[str, object]]:
    """Yield what is reached by going from child to child."""
    if not steps:
        yield path, node
        return
    for place, child in children(node, path, steps[0]):
        yield from descend(child, place, steps[1:])


def nodes(node: object, path: str = "") -> Iterator[tuple[str, Json]]:
    """Yield every object within, itself included."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, join(path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from nodes(value, f"{path}[{place}]")


def codings(concept: object, path: str) -> Iterator[tuple[str, Json]]:
    """Yield the codings of a CodeableConcept."""
    yield from objects(concept, path, "coding")


def codings_within(resource: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Yield every Coding, wherever it stands: those of concepts, single ones, the class of an encounter."""
    for place, node in nodes(resource, path):
        yield from codings(node, place)
        for key in node:
            if key.endswith("Coding"):
                yield from objects(node, place, key)
    yield from objects(resource, path, "class")


def join(path: str, name: str) -> str:
    """Return the path of an element within `path`, which may be empty."""
    return f"{path}.{name}" if path else name
