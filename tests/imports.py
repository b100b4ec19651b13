"""What a file of Python imports, read from its text; for tests that hold an adapter to what everybody may use."""

import ast
from pathlib import Path


def imported(path: Path) -> set[str]:
    """The modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def of(word: str, modules: set[str]) -> set[str]:
    """Those of a package."""
    return {one for one in modules if one.partition(".")[0] == word}
