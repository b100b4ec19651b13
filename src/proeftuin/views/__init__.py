"""What people look at: text and rows made from a workflow, a pilot and its events. Nothing here reads a store.

diagram     Mermaid text of a workflow, or of a pilot and the path that it took
diff        Mermaid text of what differs between two versions of a workflow
sheet       one printable page about a workflow, for a board to approve
figures     figures as rows, for a screen, a spreadsheet or a report
timeline    a history as rows: when, who, what, in words
words       what a workflow calls things, in a language, made safe to show
"""

from proeftuin.views.diagram import pilot_diagram, workflow_diagram
from proeftuin.views.diff import diff_diagram
from proeftuin.views.sheet import workflow_sheet
from proeftuin.views.timeline import Row, fold, timeline
from proeftuin.views.words import plain, word

__all__ = [
    "Row",
    "diff_diagram",
    "fold",
    "pilot_diagram",
    "plain",
    "timeline",
    "word",
    "workflow_diagram",
    "workflow_sheet",
]
