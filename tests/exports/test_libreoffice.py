"""What LibreOffice makes of our sheets: the spreadsheet that calculates whatever it takes for a formula."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from proeftuin.exports import Format
from tests.conftest import needed
from tests.exports.reading import exported
from tests.exports.test_hostile import FORMULAS
from tests.serving import Missing
from tests.unit.engines import engine, start

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
UTF_8 = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"
SECONDS = 240


def office() -> str:
    found = shutil.which("soffice")
    if found is None:
        raise Missing("there is no soffice: apt install libreoffice-calc")
    return found


def opened(folder: Path, file: Path) -> list[ET.Element]:
    """The cells of a file as LibreOffice reads them, with what it takes them for."""
    program = needed("libreoffice", office)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    read = [UTF_8] if file.suffix == ".csv" else []  # asked of people in a dialog, which guesses it right
    command = [program, home, "--headless", *read, "--convert-to", "fods", "--outdir", str(folder / "out"), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    tree = ET.parse(folder / "out" / f"{file.stem}.fods")  # noqa: S314  # it is made of our own file
    return list(tree.iter(f"{TABLE}table-cell"))


@pytest.mark.release
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_formula_stays_text(tmp_path: Path, format_: Format) -> None:
    """No cell is a formula, each text that looks like one is a text, and what is a number is a number."""
    on = engine()
    for place, text in enumerate(FORMULAS):
        start(on, id=f"p{place}", data={"title": text, "organisation": "-12.50" if format_ == "csv" else "x"})
    file = tmp_path / f"pilots.{format_}"
    file.write_bytes(exported(on, format_))
    cells = opened(tmp_path, file)
    assert [] == [one.get(f"{TABLE}formula") for one in cells if one.get(f"{TABLE}formula") is not None]
    kinds = {"".join(one.itertext()).strip(): one.get(f"{OFFICE}value-type") for one in cells}
    for text in FORMULAS:
        shown = [kind for told, kind in kinds.items() if text.strip() in told]
        assert shown, text
        assert {"string"} == set(shown), text
    assert "float" in kinds.values()
