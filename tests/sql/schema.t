#!/bin/bash
# sql/schema.sql is what the migrations make.
. "$FF_SRCDIR/tests/lib/pg.sh"
if [ "$("$(pg_bin)/postgres" --version | grep -o '[0-9]*' | head -n 1)" != 15 ]; then
	echo "1..0 # SKIP pg_dump of PostgreSQL 15 wrote the file; others print differently"
	exit
fi
echo 1..1
if "$FF_SRCDIR/tests/lib/pg.sh" run "$FF_SRCDIR/tests/sql/schema-print.sh" | diff -u "$FF_SRCDIR/sql/schema.sql" -; then
	echo "ok 1 - schema.sql equals the migrated schema"
else
	echo "not ok 1 - schema.sql is old: tests/lib/pg.sh run tests/sql/schema-print.sh > sql/schema.sql"
fi
