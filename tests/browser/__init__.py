"""A real browser for tests: pages are shown in Debian's Chromium, and measured there.

A test of a page is a file in this folder, so that one worker runs them all and one Chromium is open at a time. It asks
for the fixture `browser`, opens a page with `opened`, and asks `measure` what a reader would see.
"""
