"""The files that a definition is read from: the one that is asked for, those beside it, and the bundled ones.

Names are looked up in what was found beforehand. A file beside another one is named without a folder, and it has to be
in that folder: a link that leads elsewhere is refused.
"""

from codecs import getincrementaldecoder
from functools import cache
from pathlib import Path

from proeftuin.definitions._merge import Source
from proeftuin.definitions._tree import compose
from proeftuin.definitions._yaml import MAX_BYTES

ENDINGS = frozenset({".yaml", ".yml", ".json"})
"""How the name of a file ends that is taken for a workflow; any other file is read too, where a path is meant."""

TEXT = "<text>"
_MOST = MAX_BYTES + 4  # one byte more than fits, and a mark of the byte order; what is cut may be cut within a letter


class Unreadable(Exception):  # the package's own; it becomes a fault
    """A file cannot be read."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(code)


def source_of(given: Path | str) -> tuple[Source, Path | None]:
    """Return what was given, as far as it is a document, and its path where it is a file.

    Raises:
        Unreadable: there is no such file, or it is no text.
    """
    if isinstance(given, str) and "\n" in given:
        return Source(TEXT, compose(given)), None
    return Source(str(given), compose(_read(Path(given)))), Path(given)


def beside(path: Path | None, name: str) -> Path:
    """Return the file of this name in the folder of a file.

    Raises:
        Unreadable: there is none, or it is a link to another folder.
    """
    if path is None:
        raise Unreadable("unknown-base", f"a text has no file `{name}` beside it; name a workflow, or load a file")
    found = path.parent / name
    if not found.is_file():
        raise Unreadable("unknown-base", f"there is no file `{name}` beside this one")
    if found.resolve().parent not in {path.parent.resolve(), path.resolve().parent}:
        raise Unreadable("unknown-base", f"`{name}` leads to a file in another folder; put the file itself here")
    return found


@cache
def bundled_source(path: Path) -> Source:
    """Return a bundled file, read once per process: it is part of the installation, and others build on it."""
    return source_of(path)[0]


def text_of(path: Path) -> str:
    """Return the text of a file, and of one that is too long for `compose` no more than it takes to tell.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is no UTF-8.
    """
    with path.open("rb") as file:
        data = file.read(_MOST)
    return getincrementaldecoder("utf-8")().decode(data, final=len(data) < _MOST)


def _read(path: Path) -> str:
    """Return the text of a workflow file."""
    try:
        if not path.is_file():
            raise Unreadable("no-such-file", "there is no such file; a text, unlike a path, holds a new line")
        return text_of(path)
    except UnicodeDecodeError as error:
        raise Unreadable("not-utf-8", f"the file is not in UTF-8 (byte {error.start}); save it so") from None
    except (OSError, ValueError) as error:
        raise Unreadable("unreadable-file", f"the file cannot be read ({type(error).__name__})") from None
