"""The `proeftuin` command. Nothing is imported here but what `--version` needs, which is next to nothing."""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: those behind the name of the program; None means those of this process.

    Returns:
        The exit code; `proeftuin.cli.exits` says what each means.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--version"]:
        from proeftuin import __version__

        sys.stdout.write(f"proeftuin {__version__}\n")
        return 0
    try:
        from proeftuin.cli.app import run
    except ModuleNotFoundError as missing:
        if missing.name != "cyclopts":
            raise
        sys.stderr.write('error: the command needs more than the library: pip install "proeftuin[cli,sql]"\n')
        return 2

    return run(given)
