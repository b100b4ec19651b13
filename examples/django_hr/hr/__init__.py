"""Departments that look for work that might suit somebody, each in a pilot."""
