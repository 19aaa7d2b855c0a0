#!/bin/sh
# Brings the schemas of Temporal's two databases to what this version of its server needs; again is the same as once.
set -eu

export SQL_PASSWORD="$POSTGRES_PWD"
for database in temporal visibility; do
  name=temporal
  [ "$database" = temporal ] || name=temporal_visibility
  tool() {
    temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" --port 5432 --user "$POSTGRES_USER" --db "$name" "$@"
  }
  tool setup-schema -v 0.0
  tool update-schema -d "/etc/temporal/schema/postgresql/v12/$database/versioned"
done
