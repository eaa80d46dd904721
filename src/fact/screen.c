#include "fact/screen.h"

#include <stddef.h>

static const struct {
	unsigned    below; /* 0: no limit */
	const char *name;
} screens[] = {
	[FF_SCREEN_UNKNOWN] = { 1, "" },
	[FF_SCREEN_MOBILE] = { 576, "Mobile" },
	[FF_SCREEN_TABLET] = { 992, "Tablet" },
	[FF_SCREEN_LAPTOP] = { 1440, "Laptop" },
	[FF_SCREEN_DESKTOP] = { 0, "Desktop" },
};

enum ff_screen
ff_screen_class(unsigned width)
{
	enum ff_screen class = FF_SCREEN_UNKNOWN;

	while (screens[class].below != 0 && width >= screens[class].below)
		class++;
	return class;
}

const char *
ff_screen_name(enum ff_screen screen)
{
	return (size_t)screen < sizeof(screens) / sizeof(screens[0]) ? screens[screen].name : "";
}
