/* dashboard.h - one site's page: cards against the period before, the chart, the tables. */
#ifndef FF_ROOM_ADMIN_DASHBOARD_H
#define FF_ROOM_ADMIN_DASHBOARD_H

#include "door/route.h"
#include "fact/query.h"
#include "room/admin/view.h"

extern const struct ff_param ff_dashboard_params[];

enum ff_err ff_admin_dashboard(const struct ff_req *req, struct ff_res *res) ff_must_check;

/* dashboard_cards.c, dashboard_tables.c: parts of the page, from the same question for site and range. */
enum ff_err ff_dashboard_cards(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
	ff_must_check;
enum ff_err ff_dashboard_tables(const struct ff_req *req, const struct ff_query *base, struct ff_dashboard_view *v)
	ff_must_check;

#endif
