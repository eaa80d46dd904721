/* dim.h - the dimensions: number (stored in rollups: append, never renumber), public name, level.
 *
 * Level V belongs to the visit (its first event decides), level E to the single event. Owner and kind are those of the
 * item now; its collection is the one it was in when the local day of the event ended (today: is in). */
#ifndef FF_FACT_DIM_H
#define FF_FACT_DIM_H

/*    id             no  public name            level */
#define FF_DIMS(X)                                          \
	X(TOTAL,          0, "",                    V)      \
	X(PAGE,           1, "event:page",          E)      \
	X(ITEM,           2, "content:item",        E)      \
	X(SOURCE,         3, "visit:source",        V)      \
	X(CHANNEL,        4, "visit:channel",       V)      \
	X(REFERRER,       5, "visit:referrer",      V)      \
	X(COUNTRY,        6, "visit:country",       V)      \
	X(DEVICE,         7, "visit:device",        V)      \
	X(BROWSER,        8, "visit:browser",       V)      \
	X(OS,             9, "visit:os",            V)      \
	X(UTM_SOURCE,    10, "visit:utm_source",    V)      \
	X(UTM_MEDIUM,    11, "visit:utm_medium",    V)      \
	X(UTM_CAMPAIGN,  12, "visit:utm_campaign",  V)      \
	X(UTM_CONTENT,   13, "visit:utm_content",   V)      \
	X(UTM_TERM,      14, "visit:utm_term",      V)      \
	X(NAME,          15, "event:name",          E)      \
	X(ROBOT,         16, "event:robot",         E)      \
	X(AUTH,          17, "visit:auth",          V)      \
	X(HOSTNAME,      18, "event:hostname",      E)      \
	X(SCREEN,        19, "visit:screen",        V)      \
	X(BROWSER_VERSION, 20, "visit:browser_version", V)  \
	X(OS_VERSION,    21, "visit:os_version",    V)      \
	X(REGION,        22, "visit:region",        V)      \
	X(CITY,          23, "visit:city",          V)      \
	X(LANGUAGE,      24, "visit:language",      V)      \
	X(ENTRY_PAGE,    25, "visit:entry_page",    V)      \
	X(EXIT_PAGE,     26, "visit:exit_page",     V)      \
	X(ENTRY_HOST,    27, "visit:entry_page_hostname", V) \
	X(EXIT_HOST,     28, "visit:exit_page_hostname", V) \
	X(KIND,          29, "content:kind",        E)      \
	X(OWNER,         30, "content:owner",       E)      \
	X(COLLECTION,    31, "content:collection",  E)      \
	X(VIEW_TYPE,     32, "view:type",           E)      \
	X(VIEW_SOURCE,   33, "view:source",         E)

enum ff_dim {
#define FF_DIM_ENUM(id, no, name, level) FF_DIM_##id = no,
	FF_DIMS(FF_DIM_ENUM)
#undef FF_DIM_ENUM
	FF_DIM_COUNT
};

#endif
