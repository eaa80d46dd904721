#!/bin/sh
exec "$FF_SRCDIR/tests/lib/pg.sh" run "$FF_BUILDDIR/tests/store/test_db"
