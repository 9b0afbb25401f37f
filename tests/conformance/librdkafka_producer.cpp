#include "librdkafka_producer.h"

#include <librdkafka/rdkafka.h>

namespace streamscope::conformance {
namespace {

constexpr int kPollMs = 1;
constexpr int kFlushMs = 60'000;
/// Written between two polls, so that the producer is busy and yet small.
constexpr int kRecordsPerPoll = 4;

}  // namespace

struct LibrdkafkaProducer::Client {
  rd_kafka_t* handle = nullptr;
  rd_kafka_topic_t* topic = nullptr;
  ~Client() {
    if (topic) rd_kafka_topic_destroy(topic);
    if (handle) rd_kafka_destroy(handle);
  }
};

LibrdkafkaProducer::LibrdkafkaProducer(const std::vector<std::pair<std::string, std::string>>& configs,
                                       const std::string& topic, int keys)
    : m_client(std::make_unique<Client>()), m_written(static_cast<size_t>(keys)) {
  char error[512] = "";
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : configs) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      m_problem = error;
      rd_kafka_conf_destroy(conf);
      return;
    }
  }
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_log_cb(conf, nullptr);
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    auto* producer = static_cast<LibrdkafkaProducer*>(self);
    ++(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? producer->m_acknowledged : producer->m_failed);
  });
  m_client->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
  if (!m_client->handle) {
    m_problem = error;
    rd_kafka_conf_destroy(conf);
    return;
  }
  m_client->topic = rd_kafka_topic_new(m_client->handle, topic.c_str(), nullptr);
  m_thread = std::thread([this] { run(); });
}

LibrdkafkaProducer::~LibrdkafkaProducer() {
  finish();
}

void LibrdkafkaProducer::run() {
  size_t key = 0;
  while (!m_isStopping) {
    for (int i = 0; i < kRecordsPerPoll; ++i, key = (key + 1) % m_written.size()) {
      const std::string name = "key-" + std::to_string(key);
      std::string value = std::to_string(m_written[key]);
      const int refused = rd_kafka_produce(m_client->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.data(),
                                           value.size(), name.data(), name.size(), nullptr);
      if (refused) break;  // its queue is full
      ++m_written[key];
    }
    rd_kafka_poll(m_client->handle, kPollMs);
  }
  rd_kafka_flush(m_client->handle, kFlushMs);
}

std::vector<int64_t> LibrdkafkaProducer::finish() {
  m_isStopping = true;
  if (m_thread.joinable()) m_thread.join();
  return m_written;
}

}  // namespace streamscope::conformance
