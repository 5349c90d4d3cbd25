"""Which way imports run, and one door per library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A module may import what stands in a lower line, or in its own; never what stands above.
LAYERS = (
    ("dashboard", "pages"),
    ("observatory.page",),
    ("observatory.figures", "observatory.exports", "observatory.access"),
    ("observatory.queries", "observatory.charts", "observatory.texts", "observatory.findings", "observatory.steward"),
    ("observatory.store", "observatory.filters", "observatory.what_if", "observatory.asked"),
    ("observatory.editions", "observatory.dimensions", "observatory.rejects", "observatory.corrections"),
    (
        "observatory.registry",
        "observatory.registry_faults",
        "observatory.edition_faults",
        "observatory.member_faults",
        "observatory.map_faults",
        "observatory.fact_files",
        "observatory.targets",
        "observatory.errors",
    ),
)
FOR_THE_ETL = (*LAYERS[-2], *LAYERS[-1], "observatory.texts")
# Only these modules may import the library; a library not named here stands open to all.
DOORS = {
    "streamlit": ("dashboard", "observatory.page", "observatory.access"),
    "plotly": ("observatory.charts",),
    "duckdb": ("observatory.store", "etl"),
    "gettext": ("observatory.texts",),
    "babel": ("observatory.texts", "etl.values.dates", "etl.surveys.form"),
    "xlsxwriter": ("observatory.exports", "etl.demonstration", "etl.marked", "etl.questionnaire", "etl.template"),
    "python_calamine": ("etl",),
    "rapidfuzz": ("observatory.errors", "etl"),
    "rich": ("etl",),
    "scipy": ("etl.estimates", "etl.protect"),
    "lxml": ("etl.surveys.conditions",),
    "pyxform": ("etl.surveys.form",),
    "subprocess": ("observatory.steward",),  # pages reach the ETL as commands, never by import
}
FOLDERS = ("pages", "observatory", "etl")
SOURCES = [ROOT / "dashboard.py", *sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node that runs; what stands under `if TYPE_CHECKING:` only names types for the reader."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from statements(node)


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports, wherever it stands, with the line: `from a import b` gives a and a.b."""
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.parents[node.level - 1] if node.level else None
            base = ".".join(filter(None, (name_of(package) if package else "", node.module)))
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def within(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def layer_of(module: str) -> int | None:
    return next((number for number, names in enumerate(LAYERS) if within(module, names)), None)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_run_one_way_and_each_library_has_one_door(path):
    module, faults = name_of(path), []
    for imported, line in imports_of(path):
        library = imported.split(".")[0]
        if within(module, ("etl",)):
            allowed = layer_of(imported) is None or within(imported, FOR_THE_ETL)
        elif library == "etl":
            allowed = False
        else:
            own, other = layer_of(module), layer_of(imported)
            allowed = other is None or own is None or other >= own
        if not allowed:
            faults.append(f"line {line}: {module} may not import {imported}")
        if library in DOORS and not within(module, DOORS[library]):
            faults.append(f"line {line}: {library} is imported by {', '.join(DOORS[library])} only")
    assert not faults, f"{path.relative_to(ROOT)}: " + "; ".join(faults)


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(ROOT / "observatory")], ids=name_of)
def test_every_module_of_the_observatory_has_its_layer(path):
    assert name_of(path) == "observatory" or layer_of(name_of(path)) is not None
