-- Keeps drains waiting until the transaction ends (their own lock: drain_lock): figures are counted anew. No parameters. -> nothing of use
SELECT pg_advisory_xact_lock(6010314425)
