#include "fact/referrer.h"

#include <stddef.h>

static const char *const channel_names[] = {
	[FF_CHANNEL_DIRECT] = "Direct",
	[FF_CHANNEL_REFERRAL] = "Referral",
	[FF_CHANNEL_SEARCH] = "Organic Search",
	[FF_CHANNEL_SOCIAL] = "Organic Social",
	[FF_CHANNEL_VIDEO] = "Organic Video",
	[FF_CHANNEL_EMAIL] = "Email",
	[FF_CHANNEL_AI] = "AI Assistants",
	[FF_CHANNEL_PAID_SEARCH] = "Paid Search",
	[FF_CHANNEL_PAID_SOCIAL] = "Paid Social",
	[FF_CHANNEL_PAID_OTHER] = "Paid Other",
	[FF_CHANNEL_AFFILIATE] = "Affiliates",
	[FF_CHANNEL_DISPLAY] = "Display",
	[FF_CHANNEL_INTERNAL] = "Internal",
	[FF_CHANNEL_SHOPPING] = "Organic Shopping",
	[FF_CHANNEL_NEWS] = "News",
};

static const char *const device_names[] = {
	[FF_DEVICE_UNKNOWN] = "",
	[FF_DEVICE_DESKTOP] = "Desktop",
	[FF_DEVICE_MOBILE] = "Mobile",
	[FF_DEVICE_TABLET] = "Tablet",
	[FF_DEVICE_TV] = "TV",
	[FF_DEVICE_CONSOLE] = "Console",
	[FF_DEVICE_PLAYER] = "Player",
	[FF_DEVICE_BOT] = "Bot",
};

const char *
ff_channel_name(enum ff_channel channel)
{
	return (size_t)channel < sizeof(channel_names) / sizeof(channel_names[0]) ? channel_names[channel] : "";
}

const char *
ff_device_name(enum ff_device device)
{
	return (size_t)device < sizeof(device_names) / sizeof(device_names[0]) ? device_names[device] : "";
}
