/* image.h - answers of the endpoints that stand in a page as an image: always the pixel, words in a header. */
#ifndef FF_ROOM_COLLECT_IMAGE_H
#define FF_ROOM_COLLECT_IMAGE_H

#include "door/res.h"

/* A transparent GIF of one pixel, 43 bytes: header, two colours, transparency, one image block. */
#define FF_PIXEL_GIF                                                      \
	"GIF89a\001\000\001\000\200\000\000\000\000\000\377\377\377" \
	"\041\371\004\001\000\000\000\000"                             \
	"\054\000\000\000\000\001\000\001\000\000\002\002\104\001\000\073"

void ff_image_write(struct ff_res *res); /* the body becomes the pixel */
/* The same, and what is wrong in the header of that name, behind `intro`. */
void ff_image_error(struct ff_res *res, enum ff_err err, const char *header, const char *intro);

#endif
