#include "room/tool/tool.h"

const struct ff_command ff_commands[] = {
	{ "migrate", "up|down|status", "bring the database schema up to date, or back",
	    "  up       apply all pending migrations (what an upgrade needs)\n"
	    "  down     take the newest one back\n"
	    "  status   list them\n",
	    ff_cmd_migrate },
	{ "init", "[--roles [--print]]", "make the tables; with --roles, database roles for the programs",
	    "  --roles   roles footfall_stats, footfall_admin and footfall_cron, each with what its program needs;\n"
	    "            as often as wanted. Without them all programs are the owner of the tables, which works as well\n"
	    "  --print   print the SQL for it instead, for somebody who may make roles:\n"
	    "              footfall init --roles --print | sudo -u postgres psql -d footfall\n\n"
	    "How roles sign in and how the programs are told: docs/access.md.\n",
	    ff_cmd_init },
	{ "site add", "DOMAIN [--name NAME] [--zone ZONE] [--strict] [--kind KIND]", "add a site to count for",
	    "  --name NAME   as shown on the pages; default: the domain\n"
	    "  --zone ZONE   IANA time zone in which its days begin; default: UTC\n"
	    "  --strict      count views of known items only (unknown ones: 404)\n"
	    "  --kind KIND   kind of item meant where a request names none; default: item\n\n"
	    "example: footfall site add example.com --name \"Example\" --zone Europe/Berlin\n",
	    ff_cmd_site_add },
	{ "site list", "", "list the sites", "", ff_cmd_site_list },
	{ "site show", "SITE", "print the settings of a site, as `site set` takes them", "", ff_cmd_site_show },
	{ "site set", "SITE KEY VALUE", "change one setting of a site",
	    "  SITE   domain, public id or number\n"
	    "  KEY    one of\n"
	    "    name, time_zone      as in `site add`\n"
	    "    strict               on: views of unknown items are refused; off\n"
	    "    default_kind         kind of item meant where a request names none\n"
	    "    gpc, dnt             what a browser's Global Privacy Control, Do Not Track do: off, anonymous, drop\n"
	    "    exclude              addresses that are not counted, in CIDR form: your own\n"
	    "    exclude_paths        pages: /admin/*,*/preview\n"
	    "    exclude_hosts        hosts: staging.example.com,*.test\n"
	    "    exclude_countries    countries: DE,AT\n"
	    "    unique_windows       after how long a view is unique again, by kind: \"30m video=24h\"\n"
	    "    qualified            how much attention qualifies a view, by kind: \"10s,50% video=30s,50%\"\n"
	    "    items_max            items that views may register\n"
	    "    paths_max            new paths that a day may bring; others are \"(other)\"\n"
	    "    values_max           values of a dimension in a day's figures; others are \"(other)\"\n"
	    "    retention_raw        how long single events and visits are kept: 30d; default: as retention.raw says\n"
	    "    retention_hours      the same for figures by the hour; 0d: for ever\n"
	    "    retention_days       the same for figures by the day (their months stay); 0d: for ever\n"
	    "    archive              on: single rows are written to retention.archive before they go; off\n"
	    "    public_counters      on: anybody may read counters and badges of pages and items; off\n\n"
	    "example: footfall site set example.com exclude 192.0.2.0/24\n",
	    ff_cmd_site_set },
	{ "site secret", "SITE [--new]", "print the key that the viewers' tokens of a site are signed with, or renew it",
	    "  --new   make a new one first: tokens signed with the old one are refused from the next snapshot on, and\n"
	    "          every signed-in viewer gets a new pseudonym, so that known viewers look new\n\n"
	    "64 hex digits; the key of HS256 is the 32 bytes that they say. For the backend of your site only.\n",
	    ff_cmd_site_secret },
	{ "site rename", "SITE DOMAIN", "give a site another domain",
	    "Its figures, keys and links stay. Under the old domain nothing is counted from the next snapshot on.\n\n"
	    "example: footfall site rename example.com www2.example.com\n",
	    ff_cmd_site_rename },
	{ "site remove", "SITE --yes", "take a site away, with its figures",
	    "  --yes   you mean it\n\n"
	    "Settings, items, goals, keys and links go at once, figures within the hour.\n",
	    ff_cmd_site_remove },
	{ "goal add", "SITE --event NAME [--currency CUR] | --page PATH [--scroll N]  [--name NAME]",
	    "say what a site wants to see happen",
	    "  --event NAME     an event of that name\n"
	    "  --currency CUR   its revenue is counted in this currency (EUR)\n"
	    "  --page PATH      a visit to a page; * stands for anything within a segment, ** beyond\n"
	    "  --scroll N       the page was read down to N percent\n"
	    "  --name NAME      as filters ask for it; default: the event's name, or \"Visit PATH\"\n\n"
	    "example: footfall goal add example.com --event Purchase --currency EUR\n"
	    "         footfall goal add example.com --page '/blog/**' --name 'Read the blog'\n",
	    ff_cmd_goal_add },
	{ "goal list", "SITE", "list a site's goals with their numbers", "", ff_cmd_goal_list },
	{ "goal remove", "SITE ID", "take a goal away; what was counted stays",
	    "  ID   the number, as footfall goal list prints it\n", ff_cmd_goal_remove },
	{ "segment add", "SITE NAME FILTERS", "put filters under a name",
	    "  FILTERS   a JSON list, as POST /api/v2/query takes it\n\n"
	    "Questions use it as [\"is\", \"segment\", [ID]].\n\n"
	    "example: footfall segment add example.com 'German phones' \\\n"
	    "           '[[\"is\",\"visit:country\",[\"DE\"]],[\"is\",\"visit:device\",[\"Mobile\"]]]'\n",
	    ff_cmd_segment_add },
	{ "segment list", "SITE", "list a site's segments with their numbers", "", ff_cmd_segment_list },
	{ "segment remove", "SITE ID", "take a segment away",
	    "  ID   the number, as footfall segment list prints it\n", ff_cmd_segment_remove },
	{ "share add", "SITE NAME [--days N] [--password-file FILE|-]", "make a link that reads a site's figures",
	    "  NAME                   tells you later whom it was for\n"
	    "  --days N               it expires then; default: never\n"
	    "  --password-file FILE   who holds it must give this password first\n\n"
	    "The text is printed once. Whoever has it reads the figures of this site, and nothing else:\n"
	    "  curl -H 'Authorization: Bearer ffs_...' https://stats.example.com/api/...   or   ...?auth=ffs_...\n",
	    ff_cmd_share_add },
	{ "share list", "[SITE]", "list share links, also expired and revoked ones", "", ff_cmd_share_list },
	{ "share revoke", "ID", "make a share link worthless, at once",
	    "  ID   the number, as footfall share list prints it\n", ff_cmd_share_revoke },
	{ "user add", "LOGIN [--role ROLE] [--site SITE] [--password-file FILE | --random]", "add a user of the admin pages",
	    "  --role ROLE           viewer, moderator or admin; default: admin, with --site viewer\n"
	    "  --site SITE           they see this site alone; more: footfall user grant\n"
	    "  --password-file FILE  first line is the password; - reads standard input\n"
	    "  --random              make one and print it\n"
	    "Without either the password is asked for on the terminal.\n",
	    ff_cmd_user_add },
	{ "user passwd", "LOGIN [--password-file FILE | --random]", "give a user a new password; ends all their sessions",
	    "  as for `user add`\n", ff_cmd_user_passwd },
	{ "user list", "", "list the users", "", ff_cmd_user_list },
	{ "user remove", "LOGIN", "remove a user; ends all their sessions", "", ff_cmd_user_remove },
	{ "user grant", "LOGIN SITE [--role ROLE]", "let a user see a site, in a role of its own",
	    "  --role ROLE   viewer (default), moderator or admin of that site\n\n"
	    "It counts for users who do not see every site: see footfall help user limit.\n",
	    ff_cmd_user_grant },
	{ "user revoke", "LOGIN SITE", "take a site from a user", "", ff_cmd_user_revoke },
	{ "user limit", "LOGIN [--off]", "let a user see the granted sites alone",
	    "  --off   let them see every site again, in the role of their account\n", ff_cmd_user_limit },
	{ "key add", "NAME [--site SITE] [--scopes WORD,...] [--days N]", "make an API key; it is shown once",
	    "  --site SITE      the only site it is good for; default: all\n"
	    "  --scopes WORD,.. what it may do; default: stats:read\n"
	    "                     stats:read     ask for figures\n"
	    "                     events:write   record for visitors: their address, agent and time\n"
	    "                     content:write  say what the items are\n"
	    "                     sites:write    make and change sites\n"
	    "                     export:read    fetch raw rows; export:identities: with pseudonyms\n"
	    "                     jobs:run       see tasks and ask for runs\n"
	    "  --days N         it ends after so many days; default: never\n\n"
	    "example: curl -H \"Authorization: Bearer $(footfall key add dashboards)\" ...\n",
	    ff_cmd_key_add },
	{ "key list", "", "list the API keys, revoked ones too", "", ff_cmd_key_list },
	{ "key revoke", "ID", "make an API key useless, for good",
	    "  ID   its number in `footfall key list`\n", ff_cmd_key_revoke },
	{ "import access-log", "FILE|- --site SITE [--no-wait] [--quiet]", "count the page views of a web server's log",
	    "  FILE          Common or Combined Log Format, plain or .gz; - is standard input\n"
	    "  --site SITE   the site whose log it is\n"
	    "  --no-wait     leave the draining to footfall-cron\n"
	    "  --quiet       no progress bar\n\n"
	    "A page view is a GET with status 2xx or 304 whose path is no asset (css, js, images, fonts, ...).\n"
	    "Robots are counted apart. The same line counts once, however often the file is read.\n",
	    ff_cmd_import_access_log },
	{ "archive list", "[DIR]", "list the days that retention wrote to files before their rows went",
	    "  DIR   a directory of archives, of a site, or of a day; default: retention.archive\n\n"
	    "Site, day, part, events, visits and the directory of each. See docs/retention.md.\n",
	    ff_cmd_archive_list },
	{ "archive verify", "[DIR]", "check archives against their manifests: sizes, SHA-256, number of rows",
	    "  DIR   as for `archive list`\n", ff_cmd_archive_verify },
	{ "archive import", "[DIR] [--site DOMAIN] [--days N]", "bring single rows of archived days back for a while",
	    "  DIR             as for `archive list`\n"
	    "  --site DOMAIN   of this site alone; default: all\n"
	    "  --days N        how long the rows stay; default: 7. Again: so long from then on\n\n"
	    "Figures hold these rows already and do not change. Questions that need single rows are answered for those days\n"
	    "too. May be stopped and run again: days that are back are not brought twice.\n",
	    ff_cmd_archive_import },
	{ "demo", "--site SITE [--days N] [--visitors N] [--seed N] [--no-wait]", "fill a site with believable traffic",
	    "  --days N       days back from now; default: 30\n"
	    "  --visitors N   about so many a day; default: 400\n"
	    "  --seed N       the same seed gives the same traffic; default: 1\n"
	    "  --no-wait      leave the draining to footfall-cron\n",
	    ff_cmd_demo },
	{ "config", "check|show", "check the settings, or print them with their meanings",
	    "  check   read the file and the environment, complain about each fault\n"
	    "  show    print the effective settings as a commented file\n",
	    ff_cmd_config },
	{ "routes", "", "list every endpoint with its guard and parameters", "", ff_cmd_routes },
	{ "robots", "[--assets | --referrers]", "print the words that make a user agent a robot, one a line",
	    "  --assets      instead, the extensions that `import` takes for assets\n"
	    "  --referrers   instead, the domains that are referrer spam\n\n"
	    "The rule, for whoever counts the same by other means, stands in src/fact/agent.h.\n",
	    ff_cmd_robots },
	{ "ledger", "[--site SITE]", "show what was received, stored and dropped, by reason",
	    "  --site SITE   only what the drain did for this site\n\n"
	    "received = stored + dropped + in hand, over all collector processes of this host and their restarts; what is stored\n"
	    "was taken by the drain or waits in the spool. Exit status 1 where the books do not agree.\n",
	    ff_cmd_ledger },
	{ "geo build", "OUT.mmdb FILE...", "make a country database (MMDB) out of free text data",
	    "  OUT.mmdb   written whole or not at all; set geo.database to it\n"
	    "  FILE       lines FIRST,LAST,CC as in geoip and geoip6 of Debian's package tor-geoipdb\n\n"
	    "example: apt-get download tor-geoipdb && dpkg -x tor-geoipdb_*.deb data &&\n"
	    "         footfall geo build country.mmdb data/usr/share/tor/geoip data/usr/share/tor/geoip6\n",
	    ff_cmd_geo_build },
	{ "purge", "--site SITE --rule RULE [--from DAY] [--to DAY] --dry-run|--apply | --undo ID | --list",
	    "take robots out of the figures afterwards",
	    "  --rule RULE   conditions that a visit must all meet:\n"
	    "                  country=CN city=.. browser=.. os=.. language=.. source=.. utm_source=..\n"
	    "                  referrer=spam.example (or below it)   page=/wp-* (it saw such a page)\n"
	    "                  events>500   rate>60 (events in one minute)   engaged=0\n"
	    "                values with spaces stand in double quotes\n"
	    "  --from DAY    visits begun on this local day of the site or later; default: today\n"
	    "  --to DAY      and on this one at the latest; default: until now\n"
	    "  --dry-run     say how many visits and events are meant, change nothing\n"
	    "  --apply       take them out: rollups and counters are counted anew, the visits stay marked\n"
	    "  --undo ID     put a purge's visits back\n"
	    "  --list        all purges with their numbers\n\n"
	    "Works while single visits are kept (retention.raw). Events counted without identity cannot be told and stay.\n\n"
	    "example: footfall purge --site example.com --rule 'rate>120 engaged=0' --from 2026-11-20 --dry-run\n",
	    ff_cmd_purge },
	{ "rollup verify", "--site SITE [--from DAY] [--to DAY]", "hold the rollups against the raw rows",
	    "  --site SITE   domain, public id or number\n"
	    "  --from DAY    first local day of the site; default: the first of which all raw rows are kept\n"
	    "  --to DAY      last one; default: yesterday\n\n"
	    "Hours, days, made months, items and their breakdowns are worked out by other means than the drain's, which may\n"
	    "run meanwhile. Exit status 1 where they differ.\n",
	    ff_cmd_rollup_verify },
	{ "rollup rebuild", "--site SITE [--from DAY] [--to DAY]", "count the rollups anew from the raw rows",
	    "  as for `rollup verify`\n\n"
	    "One transaction; the drain waits. A line of the audit says that it was done.\n",
	    ff_cmd_rollup_rebuild },
	{ "user-data export", "SITE SUB", "print what is kept of a signed-in viewer, one JSON object a line",
	    "  SUB   the viewer's name as your tokens carry it\n\n"
	    "Single visits and events are kept for retention.raw; figures hold nobody's name.\n",
	    ff_cmd_userdata_export },
	{ "user-data erase", "SITE SUB", "make a signed-in viewer's visits and events nobody's, for good",
	    "  SUB   the viewer's name as your tokens carry it\n\n"
	    "Figures stay as they are. What arrives later under that name is counted without it.\n",
	    ff_cmd_userdata_erase },
	{ "export", "events|visits|items --site SITE [--from DAY] [--to DAY] [--format csv|jsonl] [--out FILE] ...",
	    "write raw rows of a site as CSV or JSON lines",
	    "  --from DAY, --to DAY   local days of the site; default: all that is kept\n"
	    "  --format csv|jsonl     default: csv, safe to open in a spreadsheet\n"
	    "  --out FILE             default: standard output; with --cursor rows are appended\n"
	    "  --cursor CURSOR        go on behind the row that had this in its last column\n"
	    "  --limit N              so many rows at most\n"
	    "  --bom                  a byte order mark in front, for spreadsheets that want one\n"
	    "  --robots               events of robots and purged visits too\n"
	    "  --identities           the visitors' pseudonyms too\n"
	    "  --quiet                no progress bar, no count\n\n"
	    "example: footfall export events --site example.com --from 2026-11-01 --out events.csv\n",
	    ff_cmd_export },
	{ "job secret", "[--new]", "print the secret that requests to /api/jobs are signed with; make it where there is none",
	    "  --new   make a new one first: requests signed with the old one are refused at once\n\n"
	    "Run it as the user of the services: the file is for its owner alone. Give it to whoever may start tasks, and to\n"
	    "the other hosts that answer statistics.\n",
	    ff_cmd_job_secret },
	{ "doctor", "", "look at everything that must be right, and say what to do about the rest", "", ff_cmd_doctor },
};
const size_t ff_commands_n = sizeof ff_commands / sizeof *ff_commands;
