#!/bin/bash
# The query engine on a real database: figures against plain SQL over the single rows.
set -e
if [ "${1:-}" = inside ]; then
	psql -X -q -v ON_ERROR_STOP=1 -f "$FF_SRCDIR/tests/fact/query-data.sql" >/dev/null
	exec "$FF_BUILDDIR/tests/fact/test_query"
fi
exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0" inside
