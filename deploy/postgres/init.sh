#!/bin/sh
# Runs once, when PostgreSQL's data directory is new: a user and databases of its own for each that keeps data here.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set gorax="$GORAX_DATABASE_PASSWORD" \
  --set temporal="$TEMPORAL_DATABASE_PASSWORD" \
  --set kratos="$KRATOS_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE gorax LOGIN PASSWORD :'gorax';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE ROLE kratos LOGIN PASSWORD :'kratos';

-- Gorax's two roles, which its sessions take on. Its user cannot make roles, and needs not to.
CREATE ROLE gorax_tenant NOLOGIN;
CREATE ROLE gorax_platform NOLOGIN;
GRANT gorax_tenant, gorax_platform TO gorax WITH INHERIT FALSE, SET TRUE;

CREATE DATABASE gorax OWNER gorax;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE kratos OWNER kratos;

-- Roles are the whole server's: none gets into the others' databases.
REVOKE CONNECT ON DATABASE gorax, temporal, temporal_visibility, kratos, postgres FROM PUBLIC;
SQL
