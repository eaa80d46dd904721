#!/bin/sh
exec "$FF_SRCDIR/tests/lib/pg.sh" run "$FF_BUILDDIR/tests/door/test_bearer"
