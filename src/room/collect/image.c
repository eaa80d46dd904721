#include "room/collect/image.h"

#include <stdio.h>

void
ff_image_write(struct ff_res *res)
{
	ff_buf_clear(&res->body);
	res->content_type = "image/gif";
	ff_buf_str(&res->body, FF_STR(FF_PIXEL_GIF));
}

void
ff_image_error(struct ff_res *res, enum ff_err err, const char *header, const char *intro)
{
	const struct ff_fault *fault = &res->fault;
	char                   text[sizeof(fault->field) + sizeof(fault->why) + 64];

	ff_image_write(res);
	snprintf(text, sizeof(text), "%s%s%s%s", intro, fault->field, fault->field[0] && fault->why[0] ? " " : "",
	    ff_fault_why(fault, err));
	for (char *c = text; *c; c++) /* a parameter's name is the client's: nothing but plain ASCII in a header */
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	ff_res_header(res, header, ff_str_from(text));
}
