"""A programme, and how it is taken to a state."""

from tests.domain.life import BaseLife


class Life(BaseLife):
    """A programme."""

    workflow = "programme"
    details = {"title": "Fifteen pilots", "organisation": "BZK"}  # noqa: RUF012  # never changed

    def reach(self, state: str) -> "Life":
        """Let it begin, where it is asked to run."""
        if state == "running" and self.pilot.state == "planned":
            self.do("facilitator", "begin")
        return self
