/* image.h - answers of the endpoints that stand in a page as an image: always the pixel, words in a header. */
#ifndef FF_ROOM_COLLECT_IMAGE_H
#define FF_ROOM_COLLECT_IMAGE_H

#include "door/res.h"

void ff_image_write(struct ff_res *res); /* the body becomes the pixel */
/* The same, and what is wrong in the header of that name, behind `intro`. */
void ff_image_error(struct ff_res *res, enum ff_err err, const char *header, const char *intro);

#endif
