#!/bin/sh
exec "$FF_SRCDIR/tests/lib/pg.sh" run --no-migrate "$FF_BUILDDIR/tests/store/test_migrate"
