#pragma once

#include "base/topic_partition.h"
#include "controller/metadata_image.h"

namespace streamscope::broker {

/// A broker that clients may be sent to: registered, not fenced, with an address. Null otherwise.
inline const controller::BrokerRegistration* findUnfencedBroker(const controller::MetadataImage& image,
                                                                base::BrokerId id) {
  const controller::BrokerRegistration* broker = image.findBroker(id);
  return broker != nullptr && !broker->fenced && !broker->endpoints.empty() ? broker : nullptr;
}

/// What a KRaft broker tells clients as "the controller": any broker that can pass requests on. Kafka draws one at
/// random; here it is the lowest id, so that asking twice does not change a run.
inline base::BrokerId controllerForClients(const controller::MetadataImage& image) {
  for (const auto& [id, broker] : image.brokers())
    if (!broker.fenced) return id;
  return base::kNoBroker;
}

}  // namespace streamscope::broker
