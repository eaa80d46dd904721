/* fault.h - named fault points, compiled in by --enable-faults for the tests and nowhere else.
 *
 * FOOTFALL_FAULT="name:n:action": the n-th time the point is passed, `kill` (SIGKILL itself), `stop` (SIGSTOP)
 * or `error` (ff_fault_hit returns true and the caller behaves as if the system call there had failed).
 * FF_FAULT(name) is (0) without the option, so nothing of it is left in a production build. */
#ifndef FF_BASE_FAULT_H
#define FF_BASE_FAULT_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef FF_FAULTS
int ff_fault_hit(const char *name);
#define FF_FAULT(name) ff_fault_hit(name)
#else
#define FF_FAULT(name) 0
#endif

#endif
