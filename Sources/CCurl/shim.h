// Variadic C functions cannot be called from Swift: each use gets a one-line shim here.
#pragma once
#include <curl/curl.h>

static inline CURLcode wayfare_curl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode wayfare_curl_set_string(CURL *easy, CURLoption option, const char *value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode wayfare_curl_set_pointer(CURL *easy, CURLoption option, const void *value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode wayfare_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }

typedef size_t (*wayfare_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode wayfare_curl_set_data_callback(CURL *easy, CURLoption option, wayfare_curl_data_callback callback) { return curl_easy_setopt(easy, option, callback); }
typedef curl_socket_t (*wayfare_curl_open_callback)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
static inline CURLcode wayfare_curl_set_open_callback(CURL *easy, wayfare_curl_open_callback callback, void *context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
  return code ? code : curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline struct sockaddr *wayfare_curl_address(struct curl_sockaddr *address) { return &address->addr; }

static inline long wayfare_curl_get_long(CURL *easy, CURLINFO info) { long value = 0; curl_easy_getinfo(easy, info, &value); return value; }
static inline const char *wayfare_curl_get_string(CURL *easy, CURLINFO info) { char *value = NULL; curl_easy_getinfo(easy, info, &value); return value; }

typedef int (*wayfare_curl_socket_callback)(CURL *easy, curl_socket_t socket, int what, void *context, void *per_socket);
typedef int (*wayfare_curl_timer_callback)(CURLM *multi, long milliseconds, void *context);
static inline void wayfare_curl_multi_prepare(CURLM *multi, wayfare_curl_socket_callback on_socket, wayfare_curl_timer_callback on_timer, void *context, long connections, long per_host) {
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, per_host);
}
// A finished transfer and its result, or NULL when there is none.
static inline CURL *wayfare_curl_multi_finished(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left))) {
    if (message->msg == CURLMSG_DONE) { *result = message->data.result; return message->easy_handle; }
  }
  return NULL;
}
