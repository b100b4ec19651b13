"""The report that prints: a portfolio at a date in one file of HTML, with a page for each pilot.

writing     goes through the pilots once, and writes the file
account     what may be told of a pilot: how it stands and what happened, without participants
front       what stands on the front: figures by section, what is waited for, what was told, what is next
pages       what a pilot's page tells: what was decided when, by which role, on what evidence
charts      figures as drawings
telling     the words of the report itself, and how days and numbers are shown

It asks an engine, or a view of one, and shows nothing that these do not answer.
"""

from proeftuin.report.writing import report, write_report

__all__ = ["report", "write_report"]
