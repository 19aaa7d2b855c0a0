"""What Alembic runs: migrations that `gorax.store.migrate` asks for, on the connection that it hands over.

Migrations are written by hand, one file each in `versions/`, and never changed once they are released. A test
holds them and the tables together, and prints what is missing.
"""

from alembic import context

# A failed migration leaves nothing behind, and those before it stay.
context.configure(transaction_per_migration=True, **context.config.attributes)
with context.begin_transaction():
    context.run_migrations()
