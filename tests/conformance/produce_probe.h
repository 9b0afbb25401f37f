#pragma once

#include <QString>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "wire_client.h"

namespace streamscope::conformance {

/// One Produce request for one partition, right or wrong.
struct ProduceQuestion {
  std::string topic;
  /// None: null.
  std::optional<base::Bytes> records = std::nullopt;
  int16_t version = 9;
  int16_t acks = -1;
  std::optional<std::string> transactionalId = std::nullopt;
  int32_t partition = 0;
};

/// What a broker made of it.
struct ProduceOutcome {
  /// Everything that two brokers have to agree on, in words.
  QString facts;
  /// The broker's own sentences, which differ.
  QString sentences;
};

/// Asks one broker, its own or Kafka's, and tells the answers in words that can be compared.
class ProduceProbe {
 public:
  explicit ProduceProbe(uint16_t port) : m_port(port) {}

  /// Waits until every partition has a leader; the error's name, or empty.
  QString createTopic(const std::string& name, const std::map<std::string, std::string>& configs) const;
  /// Waits until partition 0 has a leader that answers.
  QString waitForLeader(const std::string& topic) const;
  ProduceOutcome produce(const ProduceQuestion& question) const;
  /// All batches of partition 0 with all their records. Times of the broker itself are told as "now".
  QString log(const std::string& topic) const;
  /// The answer to InitProducerId, once the broker has ids to give; with what the producer says it had before.
  QString initProducerId(std::optional<std::string> transactionalId = {}, int64_t producerId = -1,
                         int16_t epoch = -1) const;

 private:
  uint16_t m_port;
};

}  // namespace streamscope::conformance
