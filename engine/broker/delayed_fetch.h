#pragma once

#include "fetch_in_progress.h"
#include "purgatory.h"

namespace streamscope::broker {

/// A Fetch that waits until there is enough to read (Kafka: DelayedFetch). It stops waiting when
///   A  a partition is no longer here, no longer led here, or its epoch is fenced;
///   B  a log was truncated below the fetch offset, or the follower's epoch diverges now;
///   C  the bytes that can be read reach fetch.min.bytes, those of throttled replicas not counted;
///   D  fetch.max.wait.ms is over.
/// In each case it reads again and answers with what there is.
class DelayedFetch : public DelayedOperation {
 public:
  DelayedFetch(world::Network& network, const FetchSurroundings& surroundings, FetchInProgress fetch)
      : m_network(network), m_surroundings(surroundings), m_fetch(std::move(fetch)) {}

  bool canComplete() override;
  void complete(bool timedOut) override;
  void abandon(const std::string& reason) override;
  Description describe() const override;

 private:
  world::Network& m_network;
  const FetchSurroundings& m_surroundings;
  FetchInProgress m_fetch;
};

}  // namespace streamscope::broker
