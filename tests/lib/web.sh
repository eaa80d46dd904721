# web.sh - a private web server in front of FastCGI sockets; source it.
#
#   web_start_nginx RUN_DIR      nginx with etc/nginx/footfall.conf
#   web_start_lighttpd RUN_DIR   lighttpd with etc/lighttpd/footfall.conf
#   web_start NAME RUN_DIR       either, by name
#   web_stop
#   web_url PATH                 http://127.0.0.1:PORT/PATH
#   web_curl PATH OPTIONS...     curl's output; web_status PATH OPTIONS... the status alone
#
# RUN_DIR holds collect.sock, stats.sock and admin.sock, as the shipped files name them under /run/footfall. The files
# are used as they are; only places and the port are exchanged. WEB_PUBLIC names another folder for /footfall/.
# WEB_EDIT may hold further sed commands. WEB_CONNECTIONS (8192): as many connections or descriptors. One server at a time; WEB_DIR, WEB_PID and WEB_PORT describe it. It is a
# child of the script, on a free port of loopback; the caller's EXIT trap calls web_stop, which also removes WEB_DIR.

web_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WEB_DIR= WEB_PID= WEB_PORT=

web_free_port() {
	local port
	while :; do
		port=$((RANDOM % 20000 + 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo $port
}

web_example() { # FILE RUN_DIR: the shipped file with this test's places
	sed -e "s|/run/footfall/|$2/|g" -e "s|/var/log/[a-z]*/|$WEB_DIR/|g" \
	    -e "s|/usr/share/footfall/public/|${WEB_PUBLIC:-$web_top/public}/|g" -e "${WEB_EDIT:-}" "$web_top/$1"
}

web_nginx_conf() { # RUN_DIR
	web_example etc/nginx/footfall.conf "$1" |
	    sed -e "s|listen 80;|listen 127.0.0.1:$WEB_PORT;|" -e '/listen \[::\]:80;/d' >"$WEB_DIR/footfall.conf"
	[ "$(id -u)" != 0 ] || echo "user root;"
	cat <<-CONF
		daemon off;
		worker_processes ${WEB_PROCESSES:-1};
		pid $WEB_DIR/nginx.pid;
		error_log $WEB_DIR/error.log warn;
		events { worker_connections ${WEB_CONNECTIONS:-8192}; }
		http {
		    types { text/css css; text/javascript js; image/svg+xml svg; }
		    client_body_temp_path $WEB_DIR/body;
		    fastcgi_temp_path $WEB_DIR/fastcgi;
		    proxy_temp_path $WEB_DIR/proxy;
		    uwsgi_temp_path $WEB_DIR/uwsgi;
		    scgi_temp_path $WEB_DIR/scgi;
		    include $WEB_DIR/footfall.conf;
		}
	CONF
}

web_lighttpd_conf() { # RUN_DIR
	web_example etc/lighttpd/footfall.conf "$1" >"$WEB_DIR/footfall.conf"
	mkdir -p "$WEB_DIR/root"
	cat <<-CONF
		server.port = $WEB_PORT
		server.bind = "127.0.0.1"
		server.document-root = "$WEB_DIR/root"
		server.errorlog = "$WEB_DIR/error.log"
		server.upload-dirs = ( "$WEB_DIR" )
		server.max-fds = ${WEB_CONNECTIONS:-8192}
		mimetype.assign = ( ".css" => "text/css", ".js" => "text/javascript", ".svg" => "image/svg+xml" )
		include "$WEB_DIR/footfall.conf"
	CONF
}

web_program() { # NAME
	PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$1"
}

web_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$WEB_PORT") 2>/dev/null; }

web_launch() { # NAME RUN_DIR
	local program
	program=$(web_program "$1") || { echo "web.sh: no $1 here" >&2; return 1; }
	WEB_PORT=$(web_free_port)
	"web_$1_conf" "$2" >"$WEB_DIR/$1.conf"
	case $1 in
	nginx) "$program" -p "$WEB_DIR" -e "$WEB_DIR/error.log" -c "$WEB_DIR/nginx.conf" >"$WEB_DIR/stdout" 2>&1 & ;;
	lighttpd) "$program" -D -f "$WEB_DIR/lighttpd.conf" >"$WEB_DIR/stdout" 2>&1 & ;;
	esac
	WEB_PID=$!
	for _ in $(seq 100); do
		kill -0 $WEB_PID 2>/dev/null || return 1
		web_answers && return 0
		sleep 0.05
	done
	return 1
}

# Somebody else may take the port between looking and listening: then once more.
web_start() { # NAME RUN_DIR
	WEB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ffweb.XXXXXX")
	for _ in 1 2 3; do
		web_launch "$1" "$2" && return 0
		[ -z "$WEB_PID" ] || kill "$WEB_PID" 2>/dev/null
	done
	echo "web.sh: $1 does not start:" >&2
	cat "$WEB_DIR/stdout" "$WEB_DIR/error.log" >&2
	return 1
}

web_start_nginx() { web_start nginx "$@"; }
web_start_lighttpd() { web_start lighttpd "$@"; }

web_stop() {
	if [ -n "$WEB_PID" ]; then
		kill "$WEB_PID" 2>/dev/null
		wait "$WEB_PID" 2>/dev/null
	fi
	[ -z "$WEB_DIR" ] || rm -rf "${WEB_DIR:?}"
	WEB_DIR= WEB_PID=
}

web_url() { echo "http://127.0.0.1:$WEB_PORT$1"; }

web_curl() { # PATH OPTIONS...
	local path=$1
	shift
	curl -s --max-time 30 --path-as-is "$@" "$(web_url "$path")"
}

web_status() { web_curl "$@" -o /dev/null -w '%{http_code}'; }
