/* room.h - what the files of this room share: the standing parts, and the request in hand. */
#ifndef FF_ROOM_COLLECT_ROOM_H
#define FF_ROOM_COLLECT_ROOM_H

#include "base/day.h"
#include "door/app.h"
#include "door/parcel.h"
#include "fact/agent.h"
#include "fact/exclude.h"
#include "fact/geo.h"
#include "fact/ledger.h"
#include "fact/limiter.h"
#include "fact/robot_lists.h"
#include "fact/site.h"
#include "fact/viewer.h"
#include "fact/visitor.h"
#include "room/collect/recent.h"
#include "room/collect/store.h"

#include <limits.h>

/* What makes a repetition: the client's id, for one site. */
struct ff_seen_id {
	struct ff_uuid event_id;
	int32_t        site_id;
};

struct ff_seen {
	struct ff_seen_id *v; /* in the request's arena */
	size_t             n, cap;
};

/* The viewer's token that was judged last. */
struct ff_meeting {
	const struct ff_site *site; /* NULL: none yet */
	struct ff_str         token;
	struct ff_viewer      viewer;
	enum ff_token_fault   fault;
};

struct ff_collect {
	const struct ff_conf *conf;
	struct ff_app         app;
	struct ff_ledger     *ledger;
	struct ff_recent     *recent; /* NULL: nothing is remembered */
	struct ff_store      *store; /* the committer's side; the loop thread never touches it */

	/* Standing knowledge, looked at again at most once a second. */
	char                snapshot_path[PATH_MAX], salts_path[PATH_MAX];
	struct ff_snapshot *snapshot; /* NULL: none yet */
	struct ff_salts     salts;
	struct ff_agents   *agents;
	struct ff_geo      *geo;
	struct ff_robot_lists *robots;
	struct ff_arena     standing;
	struct ff_cidrs     trusted;
	int64_t             refreshed_us, complained_us;
	struct ff_exclude **excludes; /* by the site's place in the snapshot; NULL: not read yet */
	struct ff_arena     lists;    /* they live here, as long as the snapshot */
	struct ff_limiter  *limiter;  /* NULL: nobody is limited */
	struct ff_rate      limits[FF_LIMIT_COUNT]; /* by enum ff_limit_kind */

	/* The request in hand. */
	struct ff_arena   arena;
	struct ff_res     res;
	struct ff_parcel *parcel;
	struct ff_buf     props;
	enum ff_reason    reason;  /* why it is refused, when a handler returns an error */
	bool              counted; /* the ledger knows of the event in hand already */
	struct ff_seen    seen;    /* ids that clients chose, of the records in the parcel */
	const struct ff_site_key *key; /* of a caller who may tell for others; NULL: none */
	struct ff_meeting   meeting;
	int64_t             wait_us; /* until there is room again for whom was last over a limit */
	enum ff_token_fault token_fault; /* of the last token that was not good, for the answer's header */

	uint8_t randoms[1000]; /* drawn together: one system call for a hundred event ids */
	size_t  randoms_left;
};

/* Reads snapshot, salts and the lists of robots again where they were replaced; at most once a second. */
void ff_collect_refresh(struct ff_collect *collect, int64_t now_us);
/* A fresh time-ordered id. */
struct ff_uuid ff_collect_uuid(struct ff_collect *collect, int64_t now_us);
/* The standing parts behind a request. */
struct ff_collect *ff_collect_of(const struct ff_req *req);
/* Remembers the reason for the ledger and returns err: `return ff_collect_refuse(collect, FF_REASON_..., err)`. */
enum ff_err ff_collect_refuse(struct ff_collect *collect, enum ff_reason reason, enum ff_err err);
/* The reason behind an error where nobody remembered one. */
enum ff_reason ff_collect_reason(enum ff_err err);

/* The endpoints: one file each. */
enum ff_err ff_collect_batch(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_event(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_view(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_track(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_search(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_interaction(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_configuration(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_performance(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_opt_out_page(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_opt_out_get(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_opt_out(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_opt_in(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_pixel(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_umami_send(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_umami_batch(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_goatcounter(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_goatcounter_api(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_matomo(const struct ff_req *req, struct ff_res *res);
enum ff_err ff_collect_preflight(const struct ff_req *req, struct ff_res *res);

#endif
