/* pace.h - the behaviour that no human has, whatever they do: opening pages faster than anybody can.
 *
 * A visitor beyond robots.pace is a robot (FF_ROBOT_BEHAVIOUR) with all it sends for ten minutes, and again if it is still
 * as fast then. What it sent before stays as it was judged; `footfall purge` can take that out. */
#ifndef FF_ROOM_COLLECT_PACE_H
#define FF_ROOM_COLLECT_PACE_H

#include "room/collect/client.h"

/* May set event->robot. Callers with a key tell what happened elsewhere, and when: they have no pace. Who is counted
 * without identity cannot be told from others and has none either. */
void ff_pace_judge(struct ff_collect *collect, const struct ff_client *client, int64_t now_us, struct ff_event *event);

#endif
