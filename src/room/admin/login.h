/* login.h - in and out of the admin room. */
#ifndef FF_ROOM_ADMIN_LOGIN_H
#define FF_ROOM_ADMIN_LOGIN_H

#include "door/route.h"

extern const struct ff_param ff_login_params[];      /* GET: where to go afterwards */
extern const struct ff_param ff_login_form_params[]; /* POST */

enum ff_err ff_admin_login_page(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_admin_login(const struct ff_req *req, struct ff_res *res) ff_must_check;
enum ff_err ff_admin_logout(const struct ff_req *req, struct ff_res *res) ff_must_check;

#endif
