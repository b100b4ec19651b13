"""For programs that receive our webhooks: is a delivery genuine, did it come before, did one go missing?

    event = verify(headers, body, secrets)          # NotVerified: answer 401
    with database.begin() as connection:
        if inbox.once(connection, event):           # False: it came before
            ...                                     # act on event.type, event.pilot, event.data
                                                    # answer 204

It needs no engine and no store, and imports no database library.
"""

from proeftuin.receiving.agreeing import agree
from proeftuin.receiving.inbox import Gap, Inbox
from proeftuin.receiving.verifying import verify
from proeftuin.signing import TOLERANCE, NotVerified, new_secret
from proeftuin.spi.sinks import Envelope

__all__ = ["TOLERANCE", "Envelope", "Gap", "Inbox", "NotVerified", "agree", "new_secret", "verify"]
