#pragma once

#include <QTest>
#include <memory>
#include <string>
#include <vector>

#include "lab/lab.h"

namespace streamscope::test {

/// Three brokers and the topic "orders" (3 partitions, 3 replicas, 2 in sync), in memory, with the timeouts of a
/// lesson.
inline lab::LabDescription smallLab() {
  lab::LabDescription description;
  description.name = "small";
  description.brokerConfigs = {{"log.segment.bytes", "65536"}};
  description.topics = {{"orders", 3, 3, {{"min.insync.replicas", "2"}}}};
  return description;
}

inline lab::StartProducer producer(const std::string& name, double recordsPerSecond, int16_t acks = -1) {
  lab::StartProducer command;
  command.name = name;
  command.topic = "orders";
  command.recordsPerSecond = recordsPerSecond;
  command.keys = 20;
  command.acks = acks;
  return command;
}

inline lab::StartConsumer consumer(const std::string& name) {
  lab::StartConsumer command;
  command.name = name;
  command.topic = "orders";
  return command;
}

inline std::unique_ptr<lab::Lab> openLab(const lab::LabDescription& description,
                                         const lab::Lab::Options& options = {}) {
  auto opened = lab::Lab::open(description, options);
  if (!opened) qFatal("%s", opened.error().message.c_str());
  return std::move(*opened);
}

inline base::VirtualTime seconds(int64_t count) {
  return base::VirtualTime(std::chrono::seconds(count));
}

}  // namespace streamscope::test
