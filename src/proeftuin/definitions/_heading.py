"""What a workflow file may say of the file that it builds on.

The loader works this off (`_extend`), so neither a `Workflow` nor anything that is stored knows of it.
"""

from collections.abc import Mapping

from attrs import field, fields, frozen

from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import TrackKind


@frozen
class Without:
    """What a file leaves out of its base, by name."""

    triggers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()


@frozen
class Heading:
    """The keys of a file that are about files, and no part of a workflow.

    Attributes:
        extends: the base: a workflow or base by name, `existing-contract@1`, or a file beside this one, `ours.yaml`.
        without: what is left out of it; a list names triggers.
        base: the name of a file that others extend, and that is no workflow itself.
        kinds: lifecycles of tracks, for files that take them over with `like`.
    """

    extends: str | None = None
    without: tuple[str, ...] | Without = ()
    base: str | None = None
    kinds: Mapping[str, TrackKind] = field(default=EMPTY)


HEADING = tuple(one.name for one in fields(Heading))
LIKE = "like"
