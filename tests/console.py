"""Plays the console blocks of a page: what is typed is run, and what comes is compared with what the page shows."""

import contextlib
import doctest
import io
import os
import re
import shlex
from unittest import mock

from proeftuin.cli import main

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
OURS = ("STORE", "TENANT", "AS", "ROLE", "PARTY", "LANG")


def play(page: str) -> None:
    """Run what the console blocks of a page say, in order, and compare what comes; `...` stands for anything."""
    code = 0
    for block in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for said in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            typed, _, expected = said.partition("\n")
            code, came = (code, f"{code}\n") if typed == "echo $?" else _run(typed)
            if not doctest.OutputChecker().check_output(expected, came, FLAGS):
                message = f"$ {typed}\n-- expected --\n{expected}\n-- came --\n{came}"
                raise AssertionError(message)


def _run(typed: str) -> tuple[int, str]:
    """Run one line, on a screen of 80 columns without colours."""
    program, *arguments = shlex.split(typed)
    assert program == "proeftuin", typed
    out = io.StringIO()
    screen = {"COLUMNS": "80", "NO_COLOR": "1"}
    with mock.patch.dict(os.environ, screen), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        for name in OURS:
            os.environ.pop(f"PROEFTUIN_{name}", None)
        return main(arguments), out.getvalue()
