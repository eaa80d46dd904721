/* chart.h - a bar chart of pageviews with the visitors inside, as finished coordinates. */
#ifndef FF_ROOM_ADMIN_CHART_H
#define FF_ROOM_ADMIN_CHART_H

#include "fact/query.h"
#include "room/admin/view.h"

/* rows: a time series with metrics {pageviews, visitors}, one row a bucket. */
void ff_chart_draw(struct ff_arena *arena, const struct ff_result *series, struct ff_chart *out);

#endif
