#include "safe/password.h"
#include "base/log.h"
#include "base/utf8.h"

#include <sodium.h>
#include <string.h>

#define PASSWORD_MIN 8
#define PASSWORD_MAX 128

_Static_assert(FF_PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "libsodium's encoded hashes have another size");

/* Head every published list of leaked passwords, or name this program; lower case, eight bytes and more. Repeated
 * and rising characters are found without a list. */
static const char *const common[] = {
	"1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "1qaz2wsx3edc", "a1b2c3d4", "aa123456", "abc12345", "abcd1234", "admin123",
	"administrator", "adminadmin", "analytics", "asdfasdf", "asdfghjk", "asdfghjkl", "baseball", "basketball",
	"changeme", "charlie1", "chocolate", "computer", "corvette", "danielle", "dearbook", "drowssap", "football",
	"footfall", "footfall1", "footfall123", "godzilla", "hello123", "iloveyou", "iloveyou1", "internet", "jennifer",
	"jonathan", "letmein1", "letmein123", "liverpool", "marlboro", "master123", "maverick", "mercedes", "metallica",
	"michelle", "midnight", "mustang1", "p@ssw0rd", "p@ssword", "pa55word", "passw0rd", "password", "password!",
	"password1", "password12", "password123", "password1234", "patricia", "pokemon1", "princess", "princess1",
	"q1w2e3r4", "q1w2e3r4t5", "qazwsxedc", "qwer1234", "qwerty12", "qwerty123", "qwertyui", "qwertyuiop", "root1234",
	"rush2112", "samantha", "scorpion", "secret123", "september", "starwars", "steelers", "sunshine", "superman",
	"test1234", "testtest", "trustno1", "victoria", "welcome1", "welcome123", "whatever", "zaq12wsx", "zxcvbnm1",
};

/* "aaaaaaaa", "12345678", "hgfedcba": every step is the same, and it is -1, 0 or 1. After 9 comes 0. */
static bool
is_run(struct ff_str s)
{
	int step = s.p[1] - s.p[0];

	if (step < -1 || step > 1)
		return false;
	for (size_t i = 2; i < s.len; i++) {
		bool wrapped = s.p[i - 1] == '9' && s.p[i] == '0';

		if (s.p[i] - s.p[i - 1] != step && !wrapped)
			return false;
	}
	return true;
}

static bool
is_common(struct ff_str password)
{
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (ff_str_eq_nocase(password, ff_str_from(common[i])))
			return true;
	return is_run(password);
}

enum ff_err
ff_password_check(struct ff_str password, struct ff_fault *fault)
{
	if (password.len < PASSWORD_MIN)
		return ff_fault_set(fault, FF_INVALID, "password", "is shorter than %d bytes", PASSWORD_MIN);
	if (password.len > PASSWORD_MAX)
		return ff_fault_set(fault, FF_INVALID, "password", "is longer than %d bytes", PASSWORD_MAX);
	if (!ff_utf8_valid(password))
		return ff_fault_set(fault, FF_INVALID, "password", "is not valid UTF-8 or holds a NUL");
	if (is_common(password))
		return ff_fault_set(fault, FF_INVALID, "password", "is one of the first that attackers try");
	return FF_OK;
}

/* The one failure is that 64 MiB of memory are not to be had: the caller may try again. */
enum ff_err
ff_password_hash(struct ff_str password, char out[FF_PASSWORD_HASH_MAX])
{
	if (crypto_pwhash_str(out, password.p == NULL ? "" : password.p, password.len,
	        crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
		return FF_OK;
	ff_error("safe", "no memory to hash a password");
	return FF_BUSY;
}

/* hash of random bytes that nobody kept, with the parameters above: a test holds the work of both paths together. */
static const char dummy[] =
    "$argon2id$v=19$m=65536,t=2,p=1$VmBvJEAhTQQvbC02/lKxTQ$Gw4Lju5OwtfDdbFO7GJ8lx39GO/YaLINmJzNJh2wL8Y";

bool
ff_password_verify(const char *hash, struct ff_str password, bool *rehash)
{
	const char *tried = hash == NULL ? dummy : hash;
	char        encoded[FF_PASSWORD_HASH_MAX] = { 0 };
	bool        ok;

	if (rehash != NULL)
		*rehash = false;
	if (strlen(tried) >= sizeof encoded)
		return false;
	memcpy(encoded, tried, strlen(tried));
	ok = crypto_pwhash_str_verify(encoded, password.p == NULL ? "" : password.p, password.len) == 0;
	if (!ok || hash == NULL)
		return false;
	if (rehash != NULL)
		*rehash = crypto_pwhash_str_needs_rehash(encoded, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		              crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
	return true;
}
