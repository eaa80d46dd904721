/* err.h - the one table of errors: code, HTTP status, public sentence.
 *
 * Every fallible function returns enum ff_err and is ff_must_check. Who finds a fault logs it, once;
 * everybody above passes the code up with FF_TRY. A programmer's error or exhausted memory is not an
 * ff_err: it aborts the worker (ff_panic) and the supervisor starts another. */
#ifndef FF_BASE_ERR_H
#define FF_BASE_ERR_H

/*    code          HTTP  sentence shown to the caller */
#define FF_ERRORS(X)                                                                \
	X(OK,           200, "ok")                                                  \
	X(INVALID,      400, "the request is not valid")                            \
	X(UNAUTHORIZED, 401, "sign in or send a valid API key")                     \
	X(FORBIDDEN,    403, "not allowed with these credentials")                  \
	X(NOT_FOUND,    404, "not found")                                           \
	X(METHOD,       405, "this method is not allowed here")                     \
	X(CONFLICT,     409, "it exists already or was changed meanwhile")          \
	X(TOO_LARGE,    413, "the request is too large")                            \
	X(MEDIA_TYPE,   415, "this content type or encoding is not accepted")       \
	X(TOO_MANY,     429, "too many requests, try again later")                  \
	X(INTERNAL,     500, "internal error")                                      \
	X(IO,           500, "input or output failed")                              \
	X(CORRUPT,      500, "stored data failed its check")                        \
	X(DATABASE,     503, "the database is not reachable, try again later")      \
	X(STORAGE,      503, "the event could not be stored, try again later")      \
	X(BUSY,         503, "busy, try again later")                               \
	X(END,          500, "end of data")

enum ff_err {
#define FF_ERR_ENUM(code, status, sentence) FF_##code,
	FF_ERRORS(FF_ERR_ENUM)
#undef FF_ERR_ENUM
	FF_ERR_COUNT
};

#define ff_must_check __attribute__((warn_unused_result))
#define ff_printf(fmt, args) __attribute__((format(printf, fmt, args)))

#define FF_TRY(call)                                  \
	do {                                          \
		enum ff_err ff_try_err_ = (call);     \
		if (ff_try_err_ != FF_OK)             \
			return ff_try_err_;           \
	} while (0)

int         ff_err_status(enum ff_err err);   /* HTTP status */
const char *ff_err_name(enum ff_err err);     /* "NOT_FOUND", for logs and JSON "code" */
const char *ff_err_sentence(enum ff_err err); /* public sentence */

/* What exactly is wrong with an input: the field by its public name, and why, as one public sentence. */
struct ff_fault {
	char field[64];
	char why[512];
};

/* Fills *fault (which may be NULL) and returns err, so that `return ff_fault_set(...)` reads well. */
enum ff_err ff_fault_set(struct ff_fault *fault, enum ff_err err, const char *field, const char *why, ...)
	ff_printf(4, 5);

/* What may be said of it: the fault's own words, else the error's sentence. */
const char *ff_fault_why(const struct ff_fault *fault, enum ff_err err);

/* A state that correct code cannot reach, or no memory: says so on stderr and aborts. */
_Noreturn void ff_panic(const char *why);

#endif
