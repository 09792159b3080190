#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// Puts a message into the producer's queue; the headers are the library's afterwards, whatever comes of it. The function
// behind it takes a list of any length, which Swift cannot write.
static inline rd_kafka_resp_err_t wayfare_kafka_send(rd_kafka_t *producer, const char *topic, const void *key,
                                                     size_t key_length, const void *value, size_t value_length,
                                                     rd_kafka_headers_t *headers, void *tag) {
  rd_kafka_resp_err_t error =
      rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY(key, key_length), RD_KAFKA_V_VALUE((void *)value, value_length),
                        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(tag), RD_KAFKA_V_END);
  if (error) rd_kafka_headers_destroy(headers);
  return error;
}
