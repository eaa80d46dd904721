#!/bin/bash
# Real traffic: an access log, imported, and a matrix of questions against an independent count of its lines.
# The log (Combined Log Format, 10,000 lines of a real site) is not part of the project: without it the test skips.
. "${FF_SRCDIR:=.}/tests/figures/house.sh"
log=${FOOTFALL_TEST_DATA:-$FF_SRCDIR/../shared/data}/apache_logs
site=semicomplete.com now="2015-05-20 22:00:00"
[ -r "$log" ] || { rm -rf "$house"; skip_all "no log at $log (set FOOTFALL_TEST_DATA)"; }
trap house_close EXIT
house_make || exit 99
clock_at "$now"
tool robots >"$house/words" && tool robots --assets >"$house/assets"
tool site add $site --zone America/St_Johns >/dev/null
key=$(tool key add log)
tool import access-log "$log" --site $site >"$house/imported" && house_serve footfall-stats.fcgi stats.sock ||
    { tail -n 20 "$house/log" | sed 's/^/# /'; exit 99; }
python3 "$figures/log.py" "$house/run/stats.sock" "$key" "$log" "$house/words" "$house/assets" $site "$house"
