"""Where Alembic begins: on the connection that `schema` gives it, or, for the `alembic` command, on a URL."""

from alembic import context

from proeftuin.storage.sql.schema import VERSION_TABLE
from proeftuin.storage.sql.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=False,  # the caller holds the transaction, so that two processes do not upgrade at once
)
context.run_migrations()
