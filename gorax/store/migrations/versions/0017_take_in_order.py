"""Who takes from a day holds no row of it that it found empty while it waits for another"""

from alembic import op

revision = "0017"
down_revision = "0016"

# What is left of a day lies in several rows, so that executions which are accepted at the same time do not wait for
# each other: a statement that begins one takes from the first row that nobody else is taking from. Only when all that
# have anything left are being taken from does it wait for one of them, and only what is committed refuses it. The rows
# of a day are made from a count when they are first needed, and made anew after the quota has changed.
#
# Whoever waits for rows does so in the order of their parts, and otherwise holds none. PostgreSQL keeps the lock of a
# row that turns out to have been emptied meanwhile: those that were met out of order are let go of with the block in
# which they were met. A statement that begins many takes them in order from the start. The tenant's lock is asked for
# only where there are no rows: whoever has it may wait for them.
#
# After the insert, not before: what ON CONFLICT passes over is not counted. Once for a statement, so that many rows
# that are put in at once cost one update. What was accepted long ago is not begun now: somebody moves data.
TAKE = """
CREATE OR REPLACE FUNCTION executions_take_from_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := CAST(now() AT TIME ZONE 'UTC' AS date);
    midnight timestamptz := CAST(today AS timestamp) AT TIME ZONE 'UTC';
    most integer;
    tenant text;
    missing bigint;
    single boolean;
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
        single := missing = 1;
        WHILE missing > 0 AND coalesce(most, -1) >= 0 LOOP
            free := NULL;
            IF single THEN
                BEGIN
                    SELECT part, 1 INTO STRICT free, taken FROM execution_days
                    WHERE tenant_id = tenant AND day = today AND remaining > 0
                    ORDER BY part LIMIT 1 FOR UPDATE SKIP LOCKED;
                EXCEPTION WHEN no_data_found THEN
                    NULL;
                END;
            END IF;
            IF free IS NULL THEN
                SELECT part, least(missing, remaining) INTO free, taken FROM execution_days
                WHERE tenant_id = tenant AND day = today AND remaining > 0
                ORDER BY part LIMIT 1 FOR UPDATE;
            END IF;
            IF free IS NOT NULL THEN
                UPDATE execution_days SET used = used + taken, remaining = remaining - taken
                WHERE tenant_id = tenant AND day = today AND part = free;
                missing := missing - taken;
                CONTINUE;
            END IF;
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
    op.execute(TAKE)
