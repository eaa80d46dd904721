#include "room/admin/admin.h"
#include "room/admin/dashboard.h"
#include "room/admin/login.h"
#include "room/admin/sites.h"

#define FORM_MAX (16 * 1024)

const struct ff_route ff_admin_routes[] = {
	{ FF_GET, "/", ff_admin_sites, FF_GUARD_SESSION, "viewer", NULL, 0, false, -1, "list of sites" },
	{ FF_GET, "/sites/{domain}", ff_admin_dashboard, FF_GUARD_SESSION, "viewer", ff_dashboard_params, 0, false, -1,
	    "dashboard of a site" },
	{ FF_GET, "/login", ff_admin_login_page, FF_GUARD_OPEN, NULL, ff_login_params, 0, false, -1, "sign-in page" },
	{ FF_POST, "/login", ff_admin_login, FF_GUARD_OPEN, NULL, ff_login_form_params, FORM_MAX, false, -1, "sign in" },
	{ FF_POST, "/logout", ff_admin_logout, FF_GUARD_SESSION, "viewer", NULL, FORM_MAX, false, -1, "sign out" },
};
const size_t ff_admin_routes_n = sizeof ff_admin_routes / sizeof *ff_admin_routes;
