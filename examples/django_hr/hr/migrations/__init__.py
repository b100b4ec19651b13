"""The migrations of the site."""
