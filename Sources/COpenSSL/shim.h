#pragma once
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

// A macro that Swift does not see.
static inline int wayfare_public_key_selection(void) { return EVP_PKEY_PUBLIC_KEY; }
