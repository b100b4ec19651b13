"""What people look at: text and rows made from a workflow, a pilot and its events. Nothing here reads a store.

diagram     Mermaid text of a workflow, or of a pilot and the path that it took
picture     a drawing as SVG or PNG, with the words and the table that say the same
lifecycles  pictures of a workflow, of a pilot in it, of a portfolio on it
timelines   pictures of time: the life of a pilot, and the lives of many beside each other
diff        Mermaid text of what differs between two versions of a workflow
sheet       one printable page about a workflow, for a board to approve
days        days and months, in a language
figures     figures as rows, for a screen, a spreadsheet or a report
timeline    a history as rows: when, who, what, in words
words       what a workflow calls things, in a language, made safe to show
"""

from proeftuin.views._look import PICTURE_STYLE
from proeftuin.views.diagram import pilot_diagram, workflow_diagram
from proeftuin.views.diff import diff_diagram
from proeftuin.views.lifecycles import Cell, pilot_picture, portfolio_picture, state_cells, workflow_picture
from proeftuin.views.picture import Picture
from proeftuin.views.sheet import workflow_sheet
from proeftuin.views.timeline import Row, fold, timeline
from proeftuin.views.timelines import pilot_timeline_picture, programme_timeline_picture
from proeftuin.views.words import plain, word

__all__ = [
    "PICTURE_STYLE",
    "Cell",
    "Picture",
    "Row",
    "diff_diagram",
    "fold",
    "pilot_diagram",
    "pilot_picture",
    "pilot_timeline_picture",
    "plain",
    "portfolio_picture",
    "programme_timeline_picture",
    "state_cells",
    "timeline",
    "word",
    "workflow_diagram",
    "workflow_picture",
    "workflow_sheet",
]
