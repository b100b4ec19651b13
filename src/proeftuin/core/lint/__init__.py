"""Faults of a workflow."""

def references(workflow, guards):
    return ()

def lint(workflow, guards, *, metrics=None):
    return ()
