"""Quotas: executions that wait for a place, and what is left of a day"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.String(collation="C")

# What tenants were given until now where nobody decided: from here on a quota that is not there is no limit.
DEFAULTS = {
    "max_workflows": 1_000,
    "max_executions_per_day": 100_000,
    "max_concurrent_executions": -1,
    "max_api_requests_per_minute": 10_000,
    "max_schedules": 1_000,
    "max_webhooks": 1_000,
    "retention_days": -1,
}

# Whoever inserts rows, by whatever statement: of a tenant whose concurrent executions are limited each waits for its
# place, which is given under a lock that inserting does not take.
HOLD = """
CREATE FUNCTION executions_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM tenants
        WHERE id = NEW.tenant_id AND CAST(quotas ->> 'max_concurrent_executions' AS integer) >= 0
    ) THEN
        NEW.held := true;
        NEW.status := 'pending';
    END IF;
    RETURN NEW;
END $$
"""

# What is left of a day lies in several rows, so that executions which are accepted at the same time do not wait for
# each other: each takes from the first row that nobody else is taking from. Only when all that have anything left are
# being taken from does it wait for one of them, and only what is committed refuses it. The rows of a day are made from
# a count when they are first needed, and made anew after the quota has changed.
#
# Waiting for a row locks it, even if nothing is left in it then. So rows are waited for in the order of their parts,
# and the tenant's lock is asked for only where there are no rows: whoever has it may wait for them.
#
# After the insert, not before: what ON CONFLICT passes over is not counted. Once for a statement, so that many rows
# that are put in at once cost one update. What was accepted long ago is not begun now: somebody moves data.
TAKE = """
CREATE FUNCTION executions_take_from_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := CAST(now() AT TIME ZONE 'UTC' AS date);
    midnight timestamptz := CAST(today AS timestamp) AT TIME ZONE 'UTC';
    most integer;
    tenant text;
    missing bigint;
    free smallint;
    taken bigint;
    already bigint;
    rest bigint;
BEGIN
    FOR tenant, missing, most IN
        SELECT t.id, n.count, CAST(t.quotas ->> 'max_executions_per_day' AS integer)
        FROM (
            SELECT tenant_id, count(*) FROM inserted WHERE accepted_at > now() - interval '1 day' GROUP BY tenant_id
        ) AS n
        JOIN tenants AS t ON t.id = n.tenant_id
        ORDER BY t.id
    LOOP
        WHILE missing > 0 AND coalesce(most, -1) >= 0 LOOP
            SELECT part, least(missing, remaining) INTO free, taken FROM execution_days
            WHERE tenant_id = tenant AND day = today AND remaining > 0
            ORDER BY part LIMIT 1 FOR UPDATE SKIP LOCKED;
            IF FOUND THEN
                UPDATE execution_days SET used = used + taken, remaining = remaining - taken
                WHERE tenant_id = tenant AND day = today AND part = free;
                missing := missing - taken;
                CONTINUE;
            END IF;
            PERFORM FROM execution_days
            WHERE tenant_id = tenant AND day = today AND remaining > 0
            ORDER BY part LIMIT 1 FOR UPDATE;
            CONTINUE WHEN FOUND OR EXISTS (
                SELECT FROM execution_days WHERE tenant_id = tenant AND day = today AND remaining > 0
            );
            IF EXISTS (SELECT FROM execution_days WHERE tenant_id = tenant AND day = today) THEN
                -- They may be others than those that had nothing left.
                CONTINUE WHEN EXISTS (
                    SELECT FROM execution_days WHERE tenant_id = tenant AND day = today AND remaining > 0
                );
                RAISE EXCEPTION USING ERRCODE = 'GX429', MESSAGE = 'max_executions_per_day', DETAIL = most;
            END IF;
            -- Locked, so that the rows are made once, and from a quota that nobody is changing.
            SELECT CAST(quotas ->> 'max_executions_per_day' AS integer) INTO most
            FROM tenants WHERE id = tenant FOR NO KEY UPDATE;
            CONTINUE WHEN coalesce(most, -1) < 0
                OR EXISTS (SELECT FROM execution_days WHERE tenant_id = tenant AND day = today);
            DELETE FROM execution_days WHERE tenant_id = tenant AND day < today AND (day, part) IN (
                SELECT day, part FROM execution_days WHERE tenant_id = tenant AND day < today
                FOR UPDATE SKIP LOCKED
            );
            -- Whatever was accepted since midnight started since then: that is what an index knows.
            SELECT count(*) INTO already FROM executions AS e
            WHERE e.tenant_id = tenant AND e.started_at >= midnight AND e.accepted_at >= midnight
            AND NOT EXISTS (SELECT FROM inserted AS i WHERE i.id = e.id);
            rest := greatest(0, most - already);
            INSERT INTO execution_days (tenant_id, day, part, used, remaining)
            SELECT tenant, today, p, CASE p WHEN 0 THEN already ELSE 0 END,
                rest / 16 + CASE WHEN p < rest % 16 THEN 1 ELSE 0 END
            FROM generate_series(0, 15) AS p;
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(
        sa.text(
            "UPDATE tenants SET quotas = CAST(CAST(:defaults AS jsonb) || CAST(quotas AS jsonb) AS json)"
        ).bindparams(defaults=json.dumps(DEFAULTS))
    )
    for name in ("held", "shares_place"):
        op.add_column(
            "executions", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text("false"))
        )
    op.drop_index("executions_pending_idx", "executions")
    op.create_index(
        "executions_pending_idx",
        "executions",
        ["tenant_id", "held", sa.desc("priority"), "id"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "execution_days",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("part", sa.SmallInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Column("remaining", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", "part", name="execution_days_pkey"),
        # Room for the next version of each row beside it: they are changed with every execution.
        postgresql_with={"fillfactor": 20},
    )
    op.execute(HOLD)
    op.execute(TAKE)
    op.execute(
        "CREATE TRIGGER executions_hold BEFORE INSERT ON executions FOR EACH ROW "
        "WHEN (NOT NEW.shares_place AND NEW.status IN ('pending', 'running')) EXECUTE FUNCTION executions_hold()"
    )
    op.execute(
        "CREATE TRIGGER executions_take_from_day AFTER INSERT ON executions REFERENCING NEW TABLE AS inserted "
        "FOR EACH STATEMENT EXECUTE FUNCTION executions_take_from_day()"
    )
