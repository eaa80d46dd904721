/* loop_cgi.h - the same room as plain CGI: one request from environ and standard input, its reply on standard output. */
#ifndef FF_SERVE_LOOP_CGI_H
#define FF_SERVE_LOOP_CGI_H

#include "serve/loop.h"

int ff_loop_cgi(const struct ff_loop *loop); /* exit code */

#endif
