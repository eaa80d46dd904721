/* screen.h - classes of screens by their width in CSS pixels, cut where the field cuts them. */
#ifndef FF_FACT_SCREEN_H
#define FF_FACT_SCREEN_H

/* Numbers are stored: append, never renumber. */
enum ff_screen {
	FF_SCREEN_UNKNOWN = 0,
	FF_SCREEN_MOBILE = 1,  /* below 576 */
	FF_SCREEN_TABLET = 2,  /* below 992 */
	FF_SCREEN_LAPTOP = 3,  /* below 1440 */
	FF_SCREEN_DESKTOP = 4,
};

enum ff_screen ff_screen_class(unsigned width); /* 0: unknown */
const char    *ff_screen_name(enum ff_screen screen); /* "Mobile"; "" for unknown */

#endif
