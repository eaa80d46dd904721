/* agent_own.h - our own few rules: what uap-core does not know yet, and a coarse fallback where it is absent. */
#ifndef FF_FACT_AGENT_OWN_H
#define FF_FACT_AGENT_OWN_H

#include "fact/agent_rules.h"

/* Looked at before uap-core. False: none of them. */
bool ff_agent_own_find(enum ff_agent_list list, struct ff_str agent, struct ff_agent_name *out);
/* The great families only. False: unknown, *out is empty. */
bool ff_agent_coarse_find(enum ff_agent_list list, struct ff_str agent, struct ff_agent_name *out);

#endif
