#!/bin/bash
# The schema of the database in PG*, without what differs between two dumps of the same thing.
#   tests/lib/pg.sh run tests/sql/schema-print.sh > sql/schema.sql
echo "-- Generated from sql/migrations by tests/sql/schema-print.sh: do not edit."
. "$(dirname "$0")/../lib/pg.sh"
"$(pg_bin)/pg_dump" --schema-only --no-owner --no-privileges --no-comments |
    grep -Ev '^(--|SET |SELECT pg_catalog\.set_config|\\restrict|\\unrestrict)' | cat -s
