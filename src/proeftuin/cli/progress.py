"""How far something is, for who looks at it; nothing where nobody does."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(what: str, total: Callable[[], float] = lambda: 1.0) -> Iterator[Callable[[float], object] | None]:
    """Show a bar on a terminal, beside the standard output.

    Args:
        what: what is going on, in words.
        total: counts how much there is to do, where a bar is shown; what is given takes how much of it is done.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total())
        yield lambda done: bar.update(task, completed=done)
