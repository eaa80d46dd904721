#!/bin/bash
# One request as plain CGI: environment and standard input in, head and body out.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
server=${FF_BUILDDIR:-.}/tests/serve/server

cgi() { env -i "$@" "$server" 2>/dev/null; }
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }

is "a path is answered" "$(cgi REQUEST_METHOD=GET REQUEST_URI=/api/hello </dev/null | body)" '{"hello":"world"}'
is "HEAD has the head of GET" "$(cgi REQUEST_METHOD=HEAD REQUEST_URI=/api/hello </dev/null | grep -c 'Content-Length: 17')" 1
is "HEAD has no body" "$(cgi REQUEST_METHOD=HEAD REQUEST_URI=/api/hello </dev/null | body)" ""
is "a body is read" "$(printf abc | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=3 | body)" abc
is "not more than Content-Length is read" \
	"$(printf abcdef | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=3 | body)" abc
like "a body cut short is refused" \
	"$(printf ab | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=3)" '^Status: 400(.|\n)*|Content-Length'
is "a body cut short is 400" "$(printf ab | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=3 | code)" 400
is "a body at the limit passes" \
	"$(head -c 1000 /dev/zero | tr '\0' x | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=1000 | body | wc -c)" 1000
is "a body over the limit is 413" \
	"$(head -c 1001 /dev/zero | cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=1001 | code)" 413
is "a huge Content-Length is 413" "$(cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=99999999999 </dev/null | code)" 413
is "a Content-Length that is no number is 400" \
	"$(cgi REQUEST_METHOD=POST REQUEST_URI=/api/echo CONTENT_LENGTH=-1 </dev/null | code)" 400
is "an unknown path is 404" "$(cgi REQUEST_METHOD=GET REQUEST_URI=/nowhere </dev/null | code)" 404
like "a wrong method is told the right ones" "$(cgi REQUEST_METHOD=DELETE REQUEST_URI=/api/event </dev/null)" '^Allow: POST, GET, HEAD'
like "called by its own name, the name is no part of the path" \
	"$(cgi REQUEST_METHOD=GET REQUEST_URI=/cgi-bin/footfall-stats.fcgi/api/show/a/b \
		SCRIPT_NAME=/cgi-bin/footfall-stats.fcgi PATH_INFO=/api/show/a/b </dev/null)" '"path":"/api/show/a/b"'
like "without REQUEST_URI, SCRIPT_NAME and PATH_INFO make the path" \
	"$(cgi REQUEST_METHOD=GET SCRIPT_NAME=/api PATH_INFO=/show/a/100%41 </dev/null)" '"path":"/api/show/a/100%41"'
unlike "a line break in a header is no second header" \
	"$(cgi REQUEST_METHOD=GET REQUEST_URI='/api/forge?x=a%0d%0aSet-Cookie:%20b=c' QUERY_STRING='x=a%0d%0aSet-Cookie:%20b=c' </dev/null)" \
	'^Set-Cookie'
is "and makes the answer a 500" \
	"$(cgi REQUEST_METHOD=GET REQUEST_URI=/api/forge QUERY_STRING='x=a%0d%0aSet-Cookie:%20b=c' </dev/null | code)" 500
is "no socket and no request is a message, not a hang" "$(cgi </dev/null; echo $?)" 2
finish
