#!/bin/bash
# pg.sh - PostgreSQL for a test: its own cluster or, where a run shares one, its own database.
#
#   pg.sh run [--no-migrate] [--private] [--fsync] PROGRAM ARGS...
#       A fresh database with all migrations, FF_TEST_DB (libpq conninfo) and PG* exported to PROGRAM; everything is
#       gone afterwards, also after a failure or a signal. Exit code: PROGRAM's.
#   pg.sh cluster-start DIR | cluster-stop DIR
#       A cluster for many tests: export FF_TEST_CLUSTER=DIR, then `run` only copies a migrated template database.
#       --private and --fsync still make a cluster of their own, as does pg_start: from a copy of DIR/cold, a cluster at rest.
#
# Sourced, it gives: pg_start [--no-migrate] [--fsync], pg_stop, pg_restart, pg_immediate_stop, pg_psql ARGS...,
# pg_migrate. pg_start exports the same variables and sets PG_DIR; the caller's EXIT trap calls pg_stop.
#
# Unix socket only. root runs the server as user postgres, because PostgreSQL refuses root.

pg_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_DIR=

pg_say() { echo "pg.sh: $*" >&2; }

pg_bin() {
	local newest
	newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
	echo "${FF_PG_BIN:-${newest:-$(pg_config --bindir)}}"
}

# Runs a server program as somebody PostgreSQL accepts, in a place that somebody may be.
pg_as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
	else
		"$@"
	fi
}

pg_psql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

pg_export() { # DIR DATABASE
	unset PGPORT PGSERVICE PGPASSWORD PGOPTIONS PGHOSTADDR PGSSLMODE PGAPPNAME
	export PGHOST=$1 PGUSER=footfall PGDATABASE=$2 FF_TEST_DB="host=$1 user=footfall dbname=$2"
}

# As `footfall migrate up` does it: each file in one transaction, remembered with its checksum.
pg_migrate() {
	local file name
	pg_psql <<-'SQL'
		CREATE TABLE IF NOT EXISTS schema_migration (
		    number     int PRIMARY KEY,
		    name       text NOT NULL,
		    checksum   text NOT NULL,
		    applied_at timestamptz NOT NULL DEFAULT now()
		);
	SQL
	for file in "$pg_top"/sql/migrations/[0-9][0-9][0-9][0-9]-*.up.sql; do
		name=$(basename "$file" .up.sql)
		pg_psql -1 -f "$file" -c "INSERT INTO schema_migration (number, name, checksum)
		    VALUES ($((10#${name%%-*})), '$name', '$(sha256sum "$file" | cut -d' ' -f1)')" || return 1
	done
}

pg_ctl_start() { # DIR
	pg_as "$(pg_bin)/pg_ctl" -D "$1/data" -l "$1/log" -w -t 60 -s start && return
	pg_say "the server does not start:"
	cat "$1/log" >&2
	return 1
}

pg_configure() { # DIR FSYNC
	pg_as tee -a "$1/data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$1'
		fsync = $2
		full_page_writes = $2
		shared_buffers = 64MB
		max_connections = 60
		huge_pages = off
		jit = off
		log_timezone = 'UTC'
		timezone = 'Pacific/Auckland'
	CONF
}

# DIR must exist and be empty. (The server's own zone is far from UTC, so that a session that forgets to say UTC shows.)
pg_cluster_make() { # DIR FSYNC
	if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$1"; fi
	pg_as "$(pg_bin)/initdb" -D "$1/data" -U footfall --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync \
	    --no-instructions >"$1/initdb.log" 2>&1 || { cat "$1/initdb.log" >&2; return 1; }
	pg_configure "$1" "$2"
	pg_ctl_start "$1"
}

# A cluster of one's own, with the database footfall: a copy of the shared one's beginnings, where there is a shared one.
pg_cluster_own() { # DIR FSYNC MIGRATE
	local cold=${FF_TEST_CLUSTER:-/nowhere}/cold
	if [ -d "$cold" ]; then
		if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$1"; fi
		pg_as cp -a "$cold" "$1/data" && pg_configure "$1" "$2" && pg_ctl_start "$1" || return 1
		pg_export "$1" footfall
		[ -n "$3" ] || pg_psql -d postgres -c 'DROP DATABASE footfall' -c 'CREATE DATABASE footfall'
		return
	fi
	pg_cluster_make "$1" "$2" || return 1
	pg_export "$1" footfall
	pg_psql -d postgres -c 'CREATE DATABASE footfall' && { [ -z "$3" ] || pg_migrate; }
}

pg_cluster_end() { # DIR
	[ ! -f "$1/data/postmaster.pid" ] || pg_as "$(pg_bin)/pg_ctl" -D "$1/data" -m immediate -s stop 2>/dev/null || true
	rm -rf "${1:?}"
}

pg_temp_dir() { # short: a socket's path has 107 bytes
	local base=${TMPDIR:-/tmp}
	{ [ ${#base} -le 60 ] && pg_as test -x "$base"; } || base=/tmp
	mktemp -d "$base/ffpg.XXXXXX"
}

pg_start() {
	local migrate=1 fsync=off
	while [ $# -gt 0 ]; do
		case $1 in
		--no-migrate) migrate= ;;
		--fsync) fsync=on ;;
		*) pg_say "pg_start: $1?"; return 2 ;;
		esac
		shift
	done
	PG_DIR=$(pg_temp_dir) && pg_cluster_own "$PG_DIR" $fsync "$migrate"
}

pg_stop() {
	[ -z "$PG_DIR" ] || pg_cluster_end "$PG_DIR"
	PG_DIR=
}

# As a crash: the server recovers from its log at the next start.
pg_immediate_stop() { pg_as "$(pg_bin)/pg_ctl" -D "$PG_DIR/data" -m immediate -s stop; }

pg_restart() {
	[ ! -f "$PG_DIR/data/postmaster.pid" ] || pg_as "$(pg_bin)/pg_ctl" -D "$PG_DIR/data" -m fast -s stop
	pg_ctl_start "$PG_DIR"
}

# ---- as a program ----

pg_cluster_start() ( # DIR
	unset FF_TEST_CLUSTER
	mkdir -p "$1" && cd "$1" && PG_DIR=$PWD && pg_cluster_own "$PG_DIR" off 1 &&
	    pg_as "$(pg_bin)/pg_ctl" -D "$PG_DIR/data" -m fast -s stop && pg_as cp -a "$PG_DIR/data" "$PG_DIR/cold" &&
	    pg_ctl_start "$PG_DIR" && pg_psql -d postgres -c 'ALTER DATABASE footfall RENAME TO footfall_template' \
	    -c 'ALTER DATABASE footfall_template IS_TEMPLATE true ALLOW_CONNECTIONS false'
)

pg_shared_database() { # TEMPLATE
	pg_shared=ff_$$_$(date +%s%N)
	pg_export "$FF_TEST_CLUSTER" "$pg_shared"
	pg_psql -d postgres -c "CREATE DATABASE $pg_shared TEMPLATE $1"
}

pg_cleanup() {
	trap - EXIT
	[ -z "${pg_child:-}" ] || kill "$pg_child" 2>/dev/null
	[ -z "${pg_shared:-}" ] || pg_psql -d postgres -c "DROP DATABASE IF EXISTS $pg_shared WITH (FORCE)" 2>/dev/null
	pg_stop
}

pg_run() {
	local template=footfall_template private='' start=()
	while [ $# -gt 0 ]; do
		case $1 in
		--no-migrate) template=template1 start+=("$1") ;;
		--private) private=1 ;;
		--fsync) private=1 start+=("$1") ;;
		--) shift; break ;;
		-*) pg_say "run: $1?"; return 2 ;;
		*) break ;;
		esac
		shift
	done
	[ $# -gt 0 ] || { pg_say "run: which program?"; return 2; }
	trap pg_cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	if [ -n "${FF_TEST_CLUSTER:-}" ] && [ -z "$private" ]; then
		pg_shared_database $template || return 99
	else
		pg_start "${start[@]}" || return 99
	fi
	# In the background, so that a signal is not kept waiting until the program ends.
	"$@" <&0 &
	pg_child=$!
	wait $pg_child
	set -- $?
	pg_child=
	return "$1"
}

pg_main() {
	local verb=${1:-}
	[ $# -eq 0 ] || shift
	case $verb in
	run) pg_run "$@" ;;
	cluster-start) pg_cluster_start "${1:?DIR}" ;;
	cluster-stop) pg_cluster_end "$(cd "${1:?DIR}" && pwd)" ;;
	*) sed -n '2,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; return 2 ;;
	esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	pg_main "$@"
	exit
fi
