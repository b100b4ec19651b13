"""Where Alembic begins: on the connection, and for the tables, that `schema` gives it."""

from alembic import context

tables = context.config.attributes["tables"]
context.config.attributes["prefix"] = tables.prefix
context.config.attributes["schema"] = tables.schema
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    version_table=tables.version_table,
    version_table_schema=tables.schema,
    transactional_ddl=False,  # the caller holds the transaction, so that two processes do not upgrade at once
)
context.run_migrations()
