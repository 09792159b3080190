// Variadic C functions cannot be called from Swift: each use gets a one-line shim here.
#pragma once
#include <curl/curl.h>
