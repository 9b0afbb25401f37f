#include "default_lab.h"

namespace streamscope::app {

std::optional<lab::LabDescription> defaultLab() {
  lab::LabDescription description;
  description.name = "Three brokers";
  description.description = "Kill the leader of a partition, and see who takes over.";
  description.seed = 42;
  description.brokerConfigs = {{"num.partitions", "3"},
                               {"default.replication.factor", "3"},
                               {"min.insync.replicas", "2"},
                               // Segments that roll while somebody watches, yet hold a real client's largest batch.
                               {"log.segment.bytes", "1100000"}};
  lab::CreateTopic orders;
  orders.topic = "orders";
  orders.partitions = 3;
  orders.replicationFactor = 3;
  description.topics.push_back(orders);
  lab::StartProducer checkout;
  checkout.name = "checkout";
  checkout.topic = "orders";
  checkout.recordsPerSecond = 50;
  checkout.recordBytes = 1000;
  checkout.keys = 20;
  description.producers.push_back(checkout);
  lab::StartConsumer processor;
  processor.name = "order-processor";
  processor.topic = "orders";
  processor.group = "orders";
  description.consumers.push_back(processor);
  return description;
}

}  // namespace streamscope::app
