/* export_columns.h - what the exports consist of, and how a row is written. Inside of export. */
#ifndef FF_FACT_EXPORT_COLUMNS_H
#define FF_FACT_EXPORT_COLUMNS_H

#include "fact/export.h"
#include "store/db.h"

enum ff_column_type {
	FF_COLUMN_TEXT,
	FF_COLUMN_NUMBER,
	FF_COLUMN_BOOL,
	FF_COLUMN_JSON,
	FF_COLUMN_NAME,     /* a number that `name` puts into words */
	FF_COLUMN_IDENTITY, /* text, for those who may see pseudonyms */
};

struct ff_sheet_column {
	const char         *title;
	enum ff_column_type type;
	struct ff_str     (*name)(int64_t number);
};

struct ff_sheet {
	const struct ff_sheet_column *v; /* column i of the answer is v[i - 1]: the first one is the place in the order */
	size_t                  n;
};

extern const struct ff_sheet ff_export_sheets[]; /* by enum ff_export_what */

/* The number of a kind of event by its name; 0: unknown. */
int64_t ff_export_kind(struct ff_str name);

void ff_export_put_head(struct ff_buf *out, const struct ff_sheet *sheet, const struct ff_export_ask *ask);
/* A row of the answer, with its cursor behind. */
void ff_export_put_row(struct ff_buf *out, const struct ff_sheet *sheet, const struct ff_export_ask *ask,
    const struct ff_rows *rows, int row, struct ff_str cursor);

#endif
