/* device.h - the class of a device from its user agent, by our own tokens. Robots are judged elsewhere. */
#ifndef FF_FACT_DEVICE_H
#define FF_FACT_DEVICE_H

#include "fact/event.h"

enum ff_device ff_device_of_agent(struct ff_str user_agent);

#endif
